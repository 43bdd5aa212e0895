/**
 * The model and label files of live video: Blobs, or addresses that are fetched when a filter asks for them.
 */
import { download } from '../../base/download.ts';
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
    return new Uint8Array(await (typeof file === 'string' ? fetchFile(file) : file.arrayBuffer()));
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

async function fetchFile(url: string): Promise<ArrayBuffer> {
  return download(url, (response) => {
    // Servers of single-page applications answer any path with their page.
    if (response.headers.get('content-type')?.startsWith('text/html') === true)
      throw new DnnError('ENOENT', `${url} answers with a page, not a file`, { url });
    return response.arrayBuffer();
  });
}
