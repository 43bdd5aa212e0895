#!/bin/sh
# Chromium 156, VideoEncoder in software: what the rate settings mean.
#
# `framerate` is optional in WebCodecs and called a hint, but without it the encoders budget for 30 frames a
# second whatever the time stamps say: at 60 a second VP8, VP9 and AV1 spend twice the bitrate that was asked
# for; with `framerate: 60` they keep it.
# The quantizer of a frame goes to 63 for VP9 and AV1 by WebCodecs' codec registrations. Here it goes on to
# 255: 63 still spends more than a third of the bytes of 0, and 128 and 255 spend less and less without an
# error, so 63 is far from the smallest file.
#
# Needs a Chromium: CHROMIUM names it, else `chromium` or `google-chrome` of the PATH.
set -eu
browser=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
[ -n "$browser" ] || { echo "no Chromium found: name one in CHROMIUM"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save --prefix . playwright-core@1.65.1
cat > rates.mjs <<'SCRIPT'
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

/** In the page: bytes of so many frames of a moving, noisy picture. */
async function measure({ config, frames, fps, options }) {
  const [width, height] = [320, 180];
  const picture = (index) => {
    const planes = new Uint8Array((width * height * 3) / 2).fill(128);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const noise = (x * 7919 + y * 104729 + index * 31) % 23;
        planes[y * width + x] =
          105 + 60 * Math.sin((x + 3 * index) / 9) + 40 * Math.sin((y * x + 7 * index) / 50) + noise;
      }
    }
    const timestamp = Math.round((index * 1e6) / fps);
    return new VideoFrame(planes, { format: 'I420', codedWidth: width, codedHeight: height, timestamp });
  };
  let bytes = 0;
  const encoder = new VideoEncoder({
    output: ({ byteLength }) => (bytes += byteLength),
    error: (error) => (bytes = String(error)),
  });
  encoder.configure({ width, height, ...config });
  for (let index = 0; index < frames; index++) {
    const frame = picture(index);
    encoder.encode(frame, { ...options, keyFrame: index === 0 });
    frame.close();
    while (encoder.encodeQueueSize > 4) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await encoder.flush();
  encoder.close();
  return bytes;
}

const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html>'));
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const options = { executablePath: process.argv[2], args: ['--no-sandbox', '--disable-gpu'] };
const browser = await chromium.launch(options);
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}`);
console.log(`Chromium ${browser.version()}, 320x180`);
let asSeen = true;
const codecs = { vp8: 'vp8', vp9: 'vp09.00.31.08', av1: 'av01.0.05M.08' };
for (const [name, codec] of Object.entries(codecs)) {
  const config = { codec, bitrate: 500_000 };
  const hinted = { ...config, framerate: 60 };
  const silent = await page.evaluate(measure, { config, frames: 180, fps: 60 });
  const told = await page.evaluate(measure, { config: hinted, frames: 180, fps: 60 });
  const rate = (bytes) => Math.round((8 * bytes) / 3 / 1000);
  console.log(`${name}, 500 kb/s at 60 fps: ${rate(silent)} kb/s without framerate, ${rate(told)} kb/s with 60`);
  asSeen &&= silent > 1.5 * told;
}
for (const name of ['vp9', 'av1']) {
  const sizes = [];
  for (const quantizer of [0, 63, 128, 255]) {
    const config = { codec: codecs[name], bitrateMode: 'quantizer', framerate: 30 };
    const settings = { config, frames: 20, fps: 30, options: { [name]: { quantizer } } };
    const bytes = await page.evaluate(measure, settings);
    console.log(`${name}, quantizer ${quantizer}: ${bytes} bytes`);
    sizes.push(bytes);
  }
  const [best, documentedWorst, beyond, worst] = sizes;
  asSeen &&= documentedWorst > 0.25 * best && beyond < 0.7 * documentedWorst && worst < 0.2 * beyond;
}
await browser.close();
server.close();
console.log(asSeen ? 'as seen before' : 'this has changed');
process.exit(asSeen ? 0 : 1);
SCRIPT
node rates.mjs "$browser"
