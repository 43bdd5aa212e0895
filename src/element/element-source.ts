/** What `<ffmpeg-dnn>` works on. */
import { DnnError } from '../base/errors.ts';
import { fetchBlob, fileNameOf } from './fetch-blob.ts';

/** A whole file, or video that comes as it is seen. */
export type ElementSource = FileSource | LiveElementSource;

export interface FileSource {
  readonly kind: 'file';
  readonly blob: Blob;
  readonly name: string;
}

export interface LiveElementSource {
  readonly kind: 'live';
  readonly source: MediaStream | HTMLVideoElement;
}

export interface SourceWish {
  readonly srcObject: MediaStream | Blob | null;
  /** Address, where there is no object. */
  readonly src: string;
  readonly mode: 'file' | 'live';
  readonly signal: AbortSignal;
  /** Told how far a fetch has come. */
  readonly onFetching: (words: string) => void;
}

/** @throws DnnError `EINVAL` where there is nothing, and as `fetchBlob`. */
export async function openSource({
  srcObject,
  src,
  mode,
  signal,
  onFetching,
}: SourceWish): Promise<ElementSource> {
  if (isStream(srcObject)) return { kind: 'live', source: srcObject };
  if (srcObject !== null) {
    const name = srcObject instanceof File ? srcObject.name : 'video';
    return mode === 'live' ? playing(srcObject) : { kind: 'file', blob: srcObject, name };
  }
  if (src === '') {
    throw new DnnError('EINVAL', 'There is nothing to work on: set src, or srcObject to a file or a stream.');
  }
  const blob = await fetchBlob(src, signal, (received, total) => {
    const part =
      total === undefined
        ? `${(received / 2 ** 20).toFixed(1)} MiB`
        : `${Math.round((100 * received) / total)} %`;
    onFetching(`Fetching the source: ${part}`);
  });
  const name = fileNameOf(new URL(src, document.baseURI).href) || 'video';
  return mode === 'live' ? playing(blob) : { kind: 'file', blob, name };
}

export function isStream(value: MediaStream | Blob | null): value is MediaStream {
  return value !== null && !(value instanceof Blob);
}

/**
 * A file that plays without end, for live mode.
 * @throws what the browser says of a file that it cannot play.
 */
async function playing(blob: Blob): Promise<LiveElementSource> {
  const source = document.createElement('video');
  Object.assign(source, { muted: true, loop: true, playsInline: true, src: URL.createObjectURL(blob) });
  await source.play();
  return { kind: 'live', source };
}

/** Ends the player that `openSource` made; a stream stays the caller's. */
export function closeSource({ source }: LiveElementSource): void {
  if (!(source instanceof HTMLVideoElement)) return;
  source.pause();
  URL.revokeObjectURL(source.src);
  source.removeAttribute('src');
}
