/** What `load()` is told decides where each file comes from; the bundler's own URLs are given here. */
import { beforeEach, expect, test, vi } from 'vitest';
import { libraryFiles } from '../../scripts/library-files.mjs';
import { failure } from '../base/errors.test-support.ts';
import type { AssetUrls } from './asset-urls.ts';
import { resolveAssets } from './resolve-assets.ts';

const origin = 'https://page.test';
const page = `${origin}/videos/index.html`;
const names = Object.keys(libraryFiles) as (keyof AssetUrls)[];
const defaults = Object.fromEntries(
  names.map((name) => [name, name === 'wasmURL' ? '/built/wasmURL' : `${origin}/built/${name}`]),
);

vi.mock('./default-asset-urls.ts', () => ({ defaultAssetUrls: () => defaults }));

/** The blob: URLs that exist. */
const made = new Map<string, Blob>();

beforeEach(() => {
  made.clear();
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    const url = `blob:${origin}/${made.size}`;
    made.set(url, blob as Blob);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void made.delete(url));
});

test('what is left out is where the bundler put it, which may be a path', () => {
  const expected = Object.fromEntries(names.map((name) => [name, `${origin}/built/${name}`]));
  expect(resolveAssets({}, page, origin).urls).toEqual(expected);
});

test.each(['/static/dnn', '/static/dnn/', `${origin}/static/dnn`])(
  'baseURL %s sets every URL at once, single ones go before it',
  (baseURL) => {
    const { urls } = resolveAssets({ baseURL, wasmURL: 'core.wasm' }, page, origin);
    expect(Object.keys(urls).toSorted()).toEqual(names.toSorted());
    for (const name of names.filter((other) => other !== 'wasmURL'))
      expect(urls[name]).toBe(`${origin}/static/dnn/${libraryFiles[name]}`);
    expect(urls.wasmURL).toBe(`${origin}/videos/core.wasm`);
  },
);

test('contents become blob: URLs of the right type, which are let go once', async () => {
  const bytes = { wasmURL: new Uint8Array([0, 97, 115, 109]), pipelineWorkerURL: new Blob(['go()']) };
  const { urls, release } = resolveAssets({ bytes, wasmURL: 'unused.wasm' }, page, origin);
  expect(made.get(urls.wasmURL)?.type).toBe('application/wasm');
  expect(made.get(urls.pipelineWorkerURL)?.type).toBe('text/javascript');
  expect(await made.get(urls.pipelineWorkerURL)?.text()).toBe('go()');
  release();
  release();
  expect(made.size).toBe(0);
});

test('a worker of another origin is refused with what to do; other files may come from there', () => {
  const cdn = 'https://cdn.test/dnn/';
  expect(resolveAssets({ wasmURL: `${cdn}core.wasm` }, page, origin).urls.wasmURL).toBe(`${cdn}core.wasm`);
  const bytes = { coreURL: new Uint8Array(1) };
  for (const config of [
    { baseURL: cdn, bytes },
    { writerWorkerURL: `${cdn}writer.worker.js`, bytes },
  ]) {
    const { code, message } = failure(() => resolveAssets(config, page, origin));
    expect(code).toBe('EINVAL');
    expect(message).toContain(cdn);
    expect(message).toContain('baseURL');
  }
  expect(made.size).toBe(0);
});

test('a URL that is none is named', () => {
  const { code, message } = failure(() => resolveAssets({ wasmURL: 'https://' }, page, origin));
  expect([code, message]).toEqual(['EINVAL', expect.stringContaining('wasmURL')]);
});
