import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, expect, test, vi } from 'vitest';
import { compileCore } from './compiled-core.ts';
import type { Core } from './core-fs.ts';
import createExtendedCore from './core-module.ts';

/** The shortest module: the magic word and the version. */
const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

function answer(body: BodyInit, init: ResponseInit): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, init)));
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  globalThis.compiledFFmpegCore = undefined;
});

test.each([
  ['application/wasm', 1],
  ['application/octet-stream', 0],
  ['', 0],
])('content type "%s": %i compiled while bytes arrive', async (type, streamed) => {
  answer(empty, type === '' ? {} : { headers: { 'Content-Type': type } });
  const streaming = vi.spyOn(WebAssembly, 'compileStreaming');
  expect(await compileCore('https://page.test/core.wasm')).toBeInstanceOf(WebAssembly.Module);
  expect(streaming).toHaveBeenCalledTimes(streamed);
});

test('an error page is no core', async () => {
  answer('not found', { status: 404 });
  await expect(compileCore('https://page.test/core.wasm')).rejects.toThrow('answers 404');
  answer('<!doctype html>', { headers: { 'Content-Type': 'text/html' } });
  await expect(compileCore('https://page.test/core.wasm')).rejects.toThrow('magic word');
});

test('a core is made of what was compiled before, and tells where that does not fit', async () => {
  const file = createRequire(import.meta.url)
    .resolve('@ffmpeg/core')
    .replace('/umd/', '/esm/');
  const settings = {
    mainScriptUrlOrBlob: `https://page.test/core-module.js#${encodeURIComponent(file)}#e30=`,
  };
  const fetching = vi.fn();
  vi.stubGlobal('fetch', fetching);
  vi.stubGlobal('self', { location: { href: '' } });
  globalThis.compiledFFmpegCore = await WebAssembly.compile(readFileSync(file.replace(/js$/, 'wasm')));
  const core = (await createExtendedCore(settings)) as Core & {
    setLogger: (logger: (line: { message: string }) => void) => void;
    exec: (...args: string[]) => number;
  };
  const said: string[] = [];
  core.setLogger(({ message }) => said.push(message));
  core.exec('-version');
  expect(said.join()).toContain('ffmpeg version');
  // It imports a function that no core has: "b" of "x".
  globalThis.compiledFFmpegCore = new WebAssembly.Module(
    new Uint8Array([...empty, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x78, 1, 0x62, 0, 0]),
  );
  await expect(createExtendedCore(settings)).rejects.toThrow(/import/i);
  expect(fetching).not.toHaveBeenCalled();
}, 60_000);
