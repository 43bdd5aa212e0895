/**
 * The model and label files of live video: Blobs, or addresses that are fetched when a filter asks for them.
 */
import { DnnError } from '../../base/errors.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import type { LiveFiles } from '../../workers/live-api.ts';

/**
 * Reads files by the absolute path of their names. Where a model is given by its address, files that it names
 * (the `.bin` of a `.json` or `.xml`) are looked for beside it.
 *
 * @returns rejects with DnnError `ENOENT` where there is no such file.
 */
export function readLiveFile(files: LiveFiles): (path: string) => Promise<Uint8Array> {
  const byPath = new Map(Object.entries(files).map(([name, file]) => [resolvePath(name), file]));
  return async (path) => {
    const file = byPath.get(path) ?? besideAnother(byPath, path);
    if (file === undefined) {
      const names = [...byPath.keys()].map((name) => name.slice(1));
      throw new DnnError('ENOENT', `no such file; files has ${names.join(', ') || 'none'}`, { file: path });
    }
    return new Uint8Array(await (typeof file === 'string' ? await download(file) : file).arrayBuffer());
  };
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

function besideAnother(byPath: ReadonlyMap<string, Blob | string>, path: string): string | undefined {
  for (const [other, file] of byPath) {
    if (typeof file === 'string' && folderOf(other) === folderOf(path))
      return new URL(path.slice(folderOf(path).length), file).href;
  }
  return undefined;
}

async function download(url: string): Promise<Response> {
  const response = await fetch(url);
  // Servers of single-page applications answer any path with their page.
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  if (response.ok && !isPage) return response;
  throw new DnnError('ENOENT', `${url} answers ${isPage ? 'with a page, not a file' : response.status}`, {
    url,
  });
}
