/** From what a page says in `load()` to one URL for every file. */
import { DnnError } from '../base/errors.ts';
import { libraryFiles } from '../../scripts/library-files.mjs';
import type { AssetUrls } from './asset-urls.ts';
import { defaultAssetUrls } from './default-asset-urls.ts';

/** Contents of files, by the property that has their URL otherwise. */
export type AssetBytes = { readonly [Name in keyof AssetUrls]?: BufferSource | Blob };

/**
 * Where the files are. What is left out is fetched from beside the package's own code, or from
 * `baseURL`; nothing comes from a CDN. `coreURL`, `wasmURL` and `classWorkerURL` as in
 * `@ffmpeg/ffmpeg`. URLs may be relative to the page.
 */
export interface LoadConfig extends Partial<AssetUrls> {
  /** A folder with all files of the package's `dist/lib`; URLs of single files go before it. */
  readonly baseURL?: string;
  /**
   * Contents instead of URLs; they go before everything else. They become `blob:` URLs, so the page's
   * policy has to allow those: `script-src blob:` for code, `worker-src blob:` for workers,
   * `connect-src blob:` for wasm. The bytes are copied.
   */
  readonly bytes?: AssetBytes;
}

export interface ResolvedAssets {
  readonly urls: AssetUrls;
  /** Lets the `blob:` URLs go; no worker can start after that. */
  readonly release: () => void;
}

const names = Object.keys(libraryFiles) as (keyof AssetUrls)[];

/**
 * @param base of relative URLs.
 * @param origin of the page.
 * @throws DnnError `EINVAL` for a URL that is none, and for a worker of another origin.
 */
export function resolveAssets(config: LoadConfig, base: string, origin: string): ResolvedAssets {
  const { baseURL, bytes = {} } = config;
  const folder = baseURL === undefined ? undefined : absolute('baseURL', baseURL.replace(/\/*$/, '/'), base);
  const defaults = folder === undefined ? defaultAssetUrls() : undefined;
  const blobUrls: string[] = [];
  const urls = names.map((name): [string, string] => {
    const [content, own] = [bytes[name], config[name]];
    if (content !== undefined) {
      const url = URL.createObjectURL(new Blob([content], { type: contentType(name) }));
      blobUrls.push(url);
      return [name, url];
    }
    if (own !== undefined) return [name, absolute(name, own, base)];
    if (defaults === undefined) return [name, absolute(name, libraryFiles[name], folder!)];
    // Next.js makes `new URL('…', import.meta.url)` a path on the page's origin.
    return [name, absolute(name, defaults[name], base)];
  });
  const release = (): void => {
    for (const url of blobUrls.splice(0)) URL.revokeObjectURL(url);
  };
  try {
    for (const [name, url] of urls) if (isWorker(name)) requireSameOrigin(name, url, origin);
  } catch (error) {
    release();
    throw error;
  }
  return { urls: Object.fromEntries(urls) as unknown as AssetUrls, release };
}

function absolute(name: string, url: string, base: string): string {
  try {
    return new URL(url, base).href;
  } catch (cause) {
    throw new DnnError('EINVAL', `load(): ${name} is not a URL: ${url}`, { name, url }, { cause });
  }
}

const isWorker = (name: string): boolean => name.endsWith('WorkerURL');

/** Browsers say of such a worker only that it cannot be accessed. */
function requireSameOrigin(name: string, url: string, origin: string): void {
  if (new URL(url).origin === origin) return;
  throw new DnnError(
    'EINVAL',
    `load(): ${name} is ${url}, but a browser starts workers from the page's own origin only, ${origin}: copy the ` +
      "package's dist/lib there and name it in load({ baseURL }), or fetch the file and give it in load({ bytes }).",
    { name, url },
  );
}

function contentType(name: keyof AssetUrls): string {
  return libraryFiles[name].endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
}
