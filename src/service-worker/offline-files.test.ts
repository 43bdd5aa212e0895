import { expect, test } from 'vitest';
import { cacheKey, offlineAnswer, type OfflineFiles } from './offline-files.ts';

const base = 'https://page.test/demo/worker.js';
const files: OfflineFiles = {
  version: '1',
  page: 'index.html',
  revisions: { 'index.html': 'aa', 'assets/demo-12.js': '', 'models/small net.pb': 'bb' },
  ahead: ['index.html'],
};

function answer(path: string, init: Partial<Pick<Request, 'method' | 'mode'>> & { range?: boolean } = {}) {
  const { range = false, method = 'GET', mode = 'cors' } = init;
  const headers = new Headers(range ? { Range: 'bytes=0-' } : {});
  return offlineAnswer(files, { url: new URL(path, base).href, method, mode, headers }, base);
}

test('hashed files and models come from the cache, models by their content', () => {
  expect(answer('assets/demo-12.js')).toEqual({
    order: 'cache-first',
    key: 'https://page.test/demo/assets/demo-12.js',
  });
  const key = 'https://page.test/demo/models/small%20net.pb?revision=bb';
  expect(answer('models/small%20net.pb')).toEqual({ order: 'cache-first', key });
  expect(cacheKey(files, 'models/small net.pb', base)).toBe(key);
});

test('the page comes from the network first, by either address', () => {
  const key = 'https://page.test/demo/index.html?revision=aa';
  for (const path of ['./', 'index.html', './#part'])
    expect(answer(path, { mode: 'navigate' })).toEqual({ order: 'network-first', key });
  expect(answer('other.html', { mode: 'navigate' })).toBeUndefined();
});

test.each([
  ['a range', answer('models/small%20net.pb', { range: true })],
  ['a body', answer('assets/demo-12.js', { method: 'POST' })],
  ['a query', answer('assets/demo-12.js?worker')],
  ['a file that the build does not know', answer('assets/demo-13.js')],
  ['a name that every object has', answer('constructor')],
  ['another folder', answer('/assets/demo-12.js')],
  ['another origin', answer('https://other.test/demo/assets/demo-12.js')],
])('%s is none of ours', (_what, found) => {
  expect(found).toBeUndefined();
});
