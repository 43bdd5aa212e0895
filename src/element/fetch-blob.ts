/** Fetches a file into a Blob, telling how far it has come. */
import { DnnError, errorMessage } from '../base/errors.ts';

/**
 * @param url absolute, or relative to the page.
 * @param onProgress bytes so far, and all of them where the server says it.
 * @throws DnnError `ENOENT` for an answer that is no success, `EIO` where there is no
 * answer, or the page may not read it.
 * @throws the signal's reason.
 */
export async function fetchBlob(
  url: string,
  signal: AbortSignal,
  onProgress: (received: number, total: number | undefined) => void = () => undefined,
): Promise<Blob> {
  const { href } = new URL(url, document.baseURI);
  try {
    const response = await fetch(href, { signal });
    if (!response.ok)
      throw new DnnError('ENOENT', `${href} cannot be read: ${response.status} ${response.statusText}`);
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    if (response.body === null) return new Blob([], { type });
    const length = Number(response.headers.get('content-length') ?? NaN);
    const total = Number.isFinite(length) && !response.headers.has('content-encoding') ? length : undefined;
    let received = 0;
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          received += chunk.byteLength;
          onProgress(received, total);
          controller.enqueue(chunk);
        },
      }),
    );
    // A Blob made by the browser may lie on its disk; one of gathered chunks would be in memory.
    const blob = await new Response(counted).blob();
    return new Blob([blob], { type });
  } catch (error) {
    if (signal.aborted || error instanceof DnnError) throw error;
    throw new DnnError(
      'EIO',
      `${href} cannot be read: ${errorMessage(error)}. Check the address; a file of another site needs CORS headers there, ` +
        'and on an isolated page Cross-Origin-Resource-Policy.',
      {},
      { cause: error },
    );
  }
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
