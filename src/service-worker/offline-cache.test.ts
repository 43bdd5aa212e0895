import { afterEach, expect, test, vi } from 'vitest';
import { OfflineCache } from './offline-cache.ts';

/** As many of the browser's caches as this needs: names, each with answers by their keys. */
class Caches {
  readonly byName = new Map<string, Map<string, Response>>();

  keys(): Promise<string[]> {
    return Promise.resolve([...this.byName.keys()]);
  }
  delete(name: string): Promise<boolean> {
    return Promise.resolve(this.byName.delete(name));
  }
  open(name: string): Promise<{ match: (key: string) => Promise<Response | undefined>; put: unknown }> {
    const answers = this.byName.get(name) ?? new Map<string, Response>();
    this.byName.set(name, answers);
    return Promise.resolve({
      match: (key) => Promise.resolve(answers.get(key)),
      put: (key: string, answer: Response) => Promise.resolve(answers.set(key, answer)),
    });
  }
  async match(key: string): Promise<Response | undefined> {
    for (const answers of this.byName.values()) if (answers.has(key)) return answers.get(key);
    return Promise.resolve(undefined);
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

async function visit(folder: string, version: string): Promise<void> {
  const files = { version, page: 'index.html', revisions: { 'index.html': version }, ahead: ['index.html'] };
  const cache = new OfflineCache(files, `https://host.test${folder}worker.js`);
  await cache.fill();
  await cache.removeOlder();
}

test('a new version lets its own older caches go, and those of no other copy on the same origin', async () => {
  const caches = new Caches();
  vi.stubGlobal('caches', caches);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('page')));
  await caches.open('of another program');
  await visit('/', '1');
  await visit('/next/', '1');
  await visit('/', '2');
  expect([...caches.byName.keys()].map((name) => name.replace(/^ffmpeg-dnn offline /, ''))).toEqual([
    'of another program',
    'https://host.test/next/ 1',
    'https://host.test/ 2',
  ]);
  await visit('/next/', '3');
  expect([...caches.byName.keys()]).toHaveLength(3);
});
