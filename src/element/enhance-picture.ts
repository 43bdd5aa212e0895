/** What `<ffmpeg-dnn>` does with a picture on a page that is not isolated. */
import { createDeferred } from '../base/deferred.ts';
import { DnnError } from '../base/errors.ts';
import type { OutputTarget } from '../index.ts';
import { outputPath } from './file-job.ts';
import { LiveRun, type LiveRunOptions } from './live-run.ts';
import { encodePicture, writePicture } from './write-picture.ts';

export interface PictureOptions extends Omit<LiveRunOptions, 'source' | 'fallback' | 'onStepDown'> {
  /** Of the result: its ending says the format. */
  readonly filename: string;
  /** Where the result goes instead of a Blob. */
  readonly target: OutputTarget | null;
}

/**
 * One picture through the filters, as live video of one frame: needs no shared memory.
 *
 * @returns the result, or null where it went to a stream or an address.
 * @throws DnnError as LiveVideo.start and `encodePicture`, `EINVAL` for a
 * picture that the browser cannot read.
 * @throws what the target is rejected with.
 */
export async function enhancePicture(
  picture: Blob,
  { filename, target, ...options }: PictureOptions,
): Promise<Blob | null> {
  const bitmap = await straightBitmap(picture);
  // Rejected where the start fails too, and nobody comes to wait for it.
  const shown = createDeferred<undefined>();
  const run = new LiveRun({
    ...options,
    source: bitmap,
    fallback: [],
    onStepDown: () => undefined,
    onStats: (stats) => {
      options.onStats?.(stats);
      if (stats.framesShown > 0) shown.resolve(undefined);
    },
    onError: (error) => {
      shown.reject(error);
    },
  });
  const onAbort = (): void => {
    shown.reject(options.signal.reason);
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  try {
    await run.start();
    await shown.promise;
    return await writePicture(await encodePicture(run.canvas, filename), target, outputPath(filename));
  } finally {
    options.signal.removeEventListener('abort', onAbort);
    await run.stop();
    bitmap.close();
  }
}

/** The picture as `<img>` turns it, in the colours that it stores: alpha is not multiplied into them. */
async function straightBitmap(picture: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(picture, { premultiplyAlpha: 'none' });
  } catch (error) {
    const message = 'The picture cannot be read by this browser: give a PNG, JPEG or WebP.';
    throw new DnnError('EINVAL', message, {}, { cause: error });
  }
}
