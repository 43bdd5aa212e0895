import { expect, it } from 'vitest';
import { bytesByKind } from './transfer-kinds.mjs';

function transfer(path: string, bytes: number, destination: string, referrer: string) {
  return { path, bytes, destination, referrer, status: 200, fileBytes: 2 * bytes };
}

it('sorts what a page fetched, and follows the modules of a worker', () => {
  const bytes = bytesByKind([
    transfer('/index.html', 1, 'document', ''),
    transfer('/assets/page.js', 2, 'script', '/index.html'),
    transfer('/assets/pipeline.worker.js', 4, 'worker', '/assets/page.js'),
    transfer('/assets/module.js', 8, 'script', '/assets/pipeline.worker.js'),
    transfer('/assets/part.js', 16, 'script', '/assets/module.js'),
    transfer('/assets/ffmpeg-core-1.wasm', 32, 'empty', '/assets/pipeline.worker.js'),
    transfer('/assets/relaxed.wasm', 64, 'empty', '/assets/pipeline.worker.js'),
    transfer('/models/espcn.pb', 128, 'empty', '/index.html'),
  ]);
  expect([...bytes.values()]).toEqual([3, 28, 32, 64, 128]);
});
