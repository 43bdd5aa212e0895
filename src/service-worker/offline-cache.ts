/** Keeps a built site in the browser's cache, one cache for each version. */
import { cacheKey, type OfflineAnswer, type OfflineFiles } from './offline-files.ts';

const ours = 'ffmpeg-dnn offline';

export class OfflineCache {
  readonly #files: OfflineFiles;
  readonly #base: string;
  /** Of the names of this site's caches: one origin may have several copies of it, in other folders. */
  readonly #prefix: string;

  /** @param base URL of the service worker. */
  constructor(files: OfflineFiles, base: string) {
    this.#files = files;
    this.#base = base;
    this.#prefix = `${ours} ${new URL('./', base).href} `;
  }

  /**
   * Takes what is needed to do a job; what an older version has with the same content is not fetched again.
   */
  async fill(): Promise<void> {
    const cache = await this.#open();
    // One after another: most of the bytes are in one file, and the page may be at work.
    for (const path of this.#files.ahead) {
      const key = cacheKey(this.#files, path, this.#base);
      const kept = await caches.match(key);
      if (kept !== undefined) {
        await cache.put(key, kept);
        continue;
      }
      // Past the browser's own cache, which may hold the page of an older version.
      const revised = this.#files.revisions[path] !== '';
      const response = await fetch(new URL(path, this.#base), { cache: revised ? 'no-cache' : 'default' });
      if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
      await cache.put(key, response);
    }
  }

  /** Lets older versions go, but for what they have of this one. */
  async removeOlder(): Promise<void> {
    const cache = await this.#open();
    const keys = Object.keys(this.#files.revisions).map((path) => cacheKey(this.#files, path, this.#base));
    const names = (await caches.keys()).filter(
      (name) => name.startsWith(this.#prefix) && name !== this.#name,
    );
    for (const name of names) {
      const older = await caches.open(name);
      for (const key of keys) {
        if ((await cache.match(key)) !== undefined) continue;
        const kept = await older.match(key);
        if (kept !== undefined) await cache.put(key, kept);
      }
      await caches.delete(name);
    }
  }

  /**
   * @param alongside keeps the service worker alive for work that the answer does not wait for.
   * @throws what `fetch` throws where the network fails and nothing is kept.
   */
  async answer(
    request: Request,
    { order, key }: OfflineAnswer,
    alongside: (work: Promise<unknown>) => void,
  ): Promise<Response> {
    const cache = await this.#open();
    if (order === 'network-first') {
      try {
        return await fetch(request);
      } catch (error) {
        const kept = await cache.match(key);
        if (kept === undefined) throw error;
        return kept;
      }
    }
    const kept = await cache.match(key);
    if (kept !== undefined) return kept;
    const response = await fetch(request);
    // A full disk is no reason to fail: the file is fetched again the next time.
    if (response.status === 200) alongside(cache.put(key, response.clone()).catch(() => undefined));
    return response;
  }

  get #name(): string {
    return this.#prefix + this.#files.version;
  }

  #open(): Promise<Cache> {
    return caches.open(this.#name);
  }
}
