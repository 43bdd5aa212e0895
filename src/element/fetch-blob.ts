/** Fetches a file into a Blob, telling how far it has come. */
import { download, type DownloadOptions } from '../base/download.ts';

/**
 * @param url absolute, or relative to the page.
 * @throws DnnError and the signal's reason, as `download`.
 */
export function fetchBlob(
  url: string,
  signal: AbortSignal,
  onProgress?: DownloadOptions['onProgress'],
): Promise<Blob> {
  const { href } = new URL(url, document.baseURI);
  return download(
    href,
    async (response) => {
      // A Blob made by the browser may lie on its disk; one of gathered chunks would be in memory.
      const blob = await response.blob();
      return new Blob([blob], { type: response.headers.get('content-type')?.split(';')[0] ?? '' });
    },
    { signal, onProgress },
  );
}

/** The last part of an address or path, decoded: `model.json` of `/models/model.json?x`. */
export function fileNameOf(url: string): string {
  const { pathname } = new URL(url, 'file:///');
  const name = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    // A name with a percent sign of its own.
    return name;
  }
}
