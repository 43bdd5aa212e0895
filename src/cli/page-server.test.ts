import { mkdtempSync, readFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpFile } from '../media/output/http-file.ts';
import { PageServer } from './page-server.ts';

let folder: string;
let server: PageServer;

/** Status of a request that `fetch` would not send as it is. */
function statusOf(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}

/** The answer to bytes on a connection of their own. */
function answerTo(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (part) => (answer += String(part))).on('error', () => undefined);
    socket.on('close', () => {
      resolve(answer);
    });
  });
}

async function isAlive(): Promise<boolean> {
  return (await fetch(`${server.origin}/index.html`)).ok;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'page-server-'));
  writeFileSync(join(folder, 'index.html'), '<p>page</p>');
  server = await PageServer.start(folder, (path) => path.startsWith(`${folder}/`) && !path.endsWith('.html'));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

test('files come with their type and the isolation headers', async () => {
  const response = await fetch(`${server.origin}/index.html`);
  expect(await response.text()).toBe('<p>page</p>');
  expect(response.headers.get('Content-Type')).toContain('text/html');
  expect(response.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
  expect(response.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
});

test.each(['/nothing.html', '/../package.json', '/%2e%2e%2fpackage.json', '/'])(
  '%s is not served',
  async (path) => {
    expect((await fetch(`${server.origin}${path}`)).status).toBe(404);
  },
);

test('an output is written, patched, read back and cut as ffmpeg does it', async () => {
  const path = join(folder, 'out.bin');
  writeFileSync(path, 'an older file that is longer than the new one');
  const file = new HttpFile(server.outputUrl, path);
  await file.write(0, new TextEncoder().encode('....world!!'));
  await file.write(0, new TextEncoder().encode('HELO'));
  const back = new Uint8Array(20);
  expect(await file.read(2, back)).toBe(9);
  expect(new TextDecoder().decode(back.subarray(0, 9))).toBe('LOworld!!');
  await file.truncate(9);
  await file.finish();
  expect(readFileSync(path, 'utf8')).toBe('HELOworld');
  await file.discard();
  expect(existsSync(path)).toBe(false);
});

test('an output is renamed on disk, over another one, and its old path starts empty', async () => {
  const [temporary, path] = [join(folder, 'list.tmp'), join(folder, 'list')];
  const text = new TextEncoder();
  for (const content of ['a long first list', 'second']) {
    const file = new HttpFile(server.outputUrl, temporary);
    await file.write(0, text.encode(content));
    await file.rename(path);
    expect(existsSync(temporary)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(content);
    await file.write(content.length, text.encode('!'));
    await file.finish();
    expect(readFileSync(path, 'utf8')).toBe(`${content}!`);
  }
  const empty = new HttpFile(server.outputUrl, temporary);
  await empty.rename(path);
  await empty.finish();
  expect(readFileSync(path, 'utf8')).toBe('');
});

test('an output that cannot be written is an error with its reason', async () => {
  const file = new HttpFile(server.outputUrl, join(folder, 'no-such-folder', 'out.bin'));
  await file.write(0, new Uint8Array(4));
  await expect(file.rest()).rejects.toThrow(/no-such-folder.*ENOENT/);
});

test.each(['//', '///', '//x:y:z/', '/%zz', '/%E0%A4%A', '/a%00b'])(
  'the address %s is refused and ends nothing',
  async (path) => {
    expect(await statusOf(path)).toBe(400);
    expect(await isAlive()).toBe(true);
  },
);

test('bytes that are no HTTP, and a connection that ends in a body, end nothing', async () => {
  expect(await answerTo('GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  const { host, search, pathname } = new URL(`${server.outputUrl}?path=${join(folder, 'half')}&offset=0`);
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
  socket.write(`POST ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 9\r\n\r\nabc`);
  await new Promise((resolve) => socket.once('ready', resolve));
  socket.destroy();
  expect(await isAlive()).toBe(true);
});

test.each<[string, Record<string, string>]>([
  ['a name of another site', { Host: 'attacker.example' }],
  ['this machine by another name', { Host: 'localhost' }],
  ['a page of another site', { Origin: 'https://attacker.example' }],
  ['a page without an origin', { Origin: 'null' }],
  ['an element of a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
])('%s is refused', async (_name, headers) => {
  const { pathname } = new URL(server.outputUrl);
  expect(await statusOf('/index.html', headers)).toBe(403);
  const query = `?path=${join(folder, 'foreign.bin')}&truncate=1`;
  expect(await statusOf(`${pathname}${query}`, headers, 'POST')).toBe(403);
  expect(existsSync(join(folder, 'foreign.bin'))).toBe(false);
});

test('the own page is answered', async () => {
  expect(await statusOf('/index.html', { Origin: server.origin, 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
});

test('what is no output is neither written, read, renamed to nor deleted', async () => {
  const path = join(folder, 'index.html');
  const page = new HttpFile(server.outputUrl, path);
  await expect(page.truncate(0)).rejects.toThrow(/403 .*index\.html is no output of the command/);
  await expect(page.read(0, new Uint8Array(4))).rejects.toThrow('403');
  await expect(page.discard()).rejects.toThrow('403');
  const output = new HttpFile(server.outputUrl, join(folder, 'moved'));
  await output.write(0, new Uint8Array(4));
  await expect(output.rename(path)).rejects.toThrow('403');
  await expect(new HttpFile(server.outputUrl, `${folder}/../x`).truncate(0)).rejects.toThrow('403');
  expect(readFileSync(path, 'utf8')).toBe('<p>page</p>');
});

test.each(['offset=-1', 'offset=x', 'truncate=1e99', 'offset=0&length=99999999999'])(
  '%s is no count of bytes',
  async (query) => {
    const method = query.includes('length') ? 'GET' : 'POST';
    const { pathname } = new URL(server.outputUrl);
    expect(await statusOf(`${pathname}?path=${join(folder, 'n')}&${query}`, {}, method)).toBe(400);
  },
);

test('a file is read back only once the job has written it', async () => {
  writeFileSync(join(folder, 'older'), 'secret');
  const file = new HttpFile(server.outputUrl, join(folder, 'older'));
  await expect(file.read(0, new Uint8Array(6))).rejects.toThrow('404');
  expect(readFileSync(join(folder, 'older'), 'utf8')).toBe('secret');
});
