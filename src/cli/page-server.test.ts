import { mkdtempSync, readFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpFile } from '../media/output/http-file.ts';
import { PageServer } from './page-server.ts';

let folder: string;
let server: PageServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'page-server-'));
  writeFileSync(join(folder, 'index.html'), '<p>page</p>');
  server = await PageServer.start(folder);
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
