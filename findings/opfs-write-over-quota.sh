#!/bin/sh
# Chromium 156: what a synchronous write to the origin private file system says over the quota depends on the
# kind of profile.
#
# In a usual profile FileSystemSyncAccessHandle.write() throws QuotaExceededError. In an incognito one it
# throws nothing and gives a number larger than the bytes it was asked to write, 4294967288, which is -8 read
# as an unsigned number; getSize() shows that the file ends at the quota, and flush() is content. Code that
# looks for fewer bytes than it asked for goes on and loses all the rest without a word.
#
# Needs a Chromium: CHROMIUM names it, else `chromium` or `google-chrome` of the PATH.
set -eu
browser=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
[ -n "$browser" ] || { echo "no Chromium found: name one in CHROMIUM"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save --prefix . playwright-core@1.65.1
cat > quota.mjs <<'SCRIPT'
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const mebibyte = 2 ** 20;
const quotaSize = 3_000_000;

/** In a worker: six writes of a mebibyte each. */
const worker = `onmessage = async () => {
  const root = await navigator.storage.getDirectory();
  const handle = await (await root.getFileHandle('file', { create: true })).createSyncAccessHandle();
  const said = [];
  for (let index = 0; index < 6; index++) {
    try {
      said.push(handle.write(new Uint8Array(${mebibyte}), { at: index * ${mebibyte} }));
    } catch (error) {
      said.push(error.name);
    }
  }
  handle.flush();
  postMessage({ said, size: handle.getSize() });
  handle.close();
};`;
const server = createServer(({ url }, response) => {
  const isWorker = url === '/worker.js';
  response.setHeader('Content-Type', isWorker ? 'text/javascript' : 'text/html');
  response.end(isWorker ? worker : '<!doctype html>');
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = `http://127.0.0.1:${server.address().port}`;

async function probe(context) {
  const page = await context.newPage();
  await page.goto(origin);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const started = new Worker('/worker.js');
        started.onmessage = ({ data }) => resolve(data);
        started.postMessage('start');
      }),
  );
}

const options = { executablePath: process.argv[2], args: ['--no-sandbox', '--disable-gpu'] };
const browser = await chromium.launch(options);
console.log(`Chromium ${browser.version()}, a quota of ${quotaSize} bytes, six writes of ${mebibyte}`);
const incognito = await probe(await browser.newContext());
await browser.close();
const profile = await chromium.launchPersistentContext('profile', options);
const usual = await probe(profile);
await profile.close();
server.close();
console.log(`usual profile: ${usual.said.join(', ')}; the file has ${usual.size} bytes`);
console.log(`incognito: ${incognito.said.join(', ')}; the file has ${incognito.size} bytes`);
const asSeen =
  usual.said.at(-1) === 'QuotaExceededError' &&
  incognito.said.at(-1) === 4294967288 &&
  incognito.size <= quotaSize;
console.log(asSeen ? 'as seen before' : 'this has changed');
process.exit(asSeen ? 0 : 1);
SCRIPT
node quota.mjs "$browser"
