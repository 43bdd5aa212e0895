/**
 * A picture on its way out of the page: in the format that its name says, and to
 * the target that was asked for.
 */
import { DnnError } from '../base/errors.ts';
import type { OutputTarget } from '../index.ts';
import { deliver } from '../media/output/deliver.ts';
import { mediaType } from './media-type.ts';

/**
 * The picture of a canvas that a worker draws on, which gives it only by way of another one.
 *
 * @param filename whose ending says the format; PNG where it says none.
 * @throws DnnError `ENOSYS` for a format that this browser does not write.
 */
export async function encodePicture(canvas: HTMLCanvasElement, filename: string): Promise<Blob> {
  const named = mediaType(filename);
  const type = named === 'application/octet-stream' ? 'image/png' : named;
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  copy.getContext('2d')!.drawImage(canvas, 0, 0);
  const blob = await copy.convertToBlob({ type });
  if (blob.type === type) return blob;
  throw new DnnError(
    'ENOSYS',
    `filename: ${filename} would be ${type}, which this browser cannot make of a picture: end it with .png, .jpg or .webp`,
    { option: 'filename' },
  );
}

/**
 * Writes a picture to where the element's results go.
 *
 * @param path under which an address gets it.
 * @returns the result as the element has it: null where it went to a stream or an address.
 * @throws what the target is rejected with.
 */
export async function writePicture(
  blob: Blob,
  target: OutputTarget | null,
  path: string,
): Promise<Blob | null> {
  if (target === null) return blob;
  await deliver(blob, target, path);
  return 'getFile' in target ? target.getFile() : null;
}
