import { afterEach, expect, test, vi } from 'vitest';
import { readLiveFile } from './live-files.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A server that has some files, and answers everything else with a page. */
function serve(files: Readonly<Record<string, string>>): void {
  vi.stubGlobal('fetch', (url: string) => {
    const text = files[url];
    const type = text === undefined ? 'text/html' : 'application/octet-stream';
    return Promise.resolve(new Response(text ?? '<p>', { headers: { 'content-type': type } }));
  });
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test('a Blob and an address, by name or path', async () => {
  serve({ 'https://a.test/m.json': 'model' });
  const read = readLiveFile({ 'labels.txt': new Blob(['face']), 'sub/m.json': 'https://a.test/m.json' });
  expect(text(await read('/labels.txt'))).toBe('face');
  expect(text(await read('/sub/m.json'))).toBe('model');
});

test('weights are found beside the model that was given by its address, and nowhere else', async () => {
  serve({ 'https://a.test/x/m.bin': 'weights' });
  const read = readLiveFile({ 'm.json': 'https://a.test/x/m.json', 'sub/own.pb': new Blob(['']) });
  expect(text(await read('/m.bin'))).toBe('weights');
  await expect(read('/sub/m.bin')).rejects.toThrow('no such file; files has m.json, sub/own.pb');
  await expect(read('/n.bin')).rejects.toThrow('https://a.test/x/n.bin answers with a page, not a file');
});
