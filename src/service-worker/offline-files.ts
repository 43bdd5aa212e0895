/** The files of a built site, as its service worker knows them. */

/** Made by the build. Paths are relative to the service worker. */
export interface OfflineFiles {
  /** Changes with any file. */
  readonly version: string;
  /** What the address of the folder shows. */
  readonly page: string;
  /** Every file by its path, with a hash of its content; empty where the path has one. */
  readonly revisions: Readonly<Record<string, string>>;
  /** Those that are fetched ahead: enough to do a job. Others are kept once they were used. */
  readonly ahead: readonly string[];
}

/** How a request is answered: the page from the network while there is one, files from the cache. */
export interface OfflineAnswer {
  readonly order: 'network-first' | 'cache-first';
  /** Key in the cache: an absolute URL that changes with the content. */
  readonly key: string;
}

/** @param base URL of the service worker. */
export function cacheKey(files: OfflineFiles, path: string, base: string): string {
  const key = new URL(path, base);
  const revision = files.revisions[path] ?? '';
  if (revision !== '') key.searchParams.set('revision', revision);
  return key.href;
}

/**
 * What to do with a request; undefined for those that are not ours: of other origins, with a body, for a
 * range of a file, with a query, of files that the build does not know.
 */
export function offlineAnswer(
  files: OfflineFiles,
  request: Pick<Request, 'url' | 'method' | 'mode' | 'headers'>,
  base: string,
): OfflineAnswer | undefined {
  const url = new URL(request.url);
  const folder = new URL('./', base);
  if (request.method !== 'GET' || request.headers.has('Range') || url.search !== '') return undefined;
  if (url.origin !== folder.origin || !url.pathname.startsWith(folder.pathname)) return undefined;
  const path = decodeURIComponent(url.pathname.slice(folder.pathname.length));
  if (request.mode === 'navigate') {
    const isPage = path === '' || path === files.page;
    return isPage ? { order: 'network-first', key: cacheKey(files, files.page, base) } : undefined;
  }
  if (!Object.hasOwn(files.revisions, path)) return undefined;
  return { order: 'cache-first', key: cacheKey(files, path, base) };
}
