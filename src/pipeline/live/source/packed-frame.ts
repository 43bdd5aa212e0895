/** Frames of a picture, a canvas or a screen, which have R, G and B already. */

/** Of a frame's visible pixels. */
export interface PackedPixels {
  /** R, G, B and alpha, or a byte that does not count. */
  readonly pixels: Uint32Array;
  readonly hasTransparency: boolean;
}

/** What of it `ownPixels` asks. */
export type PackedFrame = Pick<VideoFrame, 'format' | 'copyTo'>;

/** Which of red and blue comes first in memory; undefined for a frame that is not packed. */
export function packedOrder(format: VideoPixelFormat | null): 'rgb' | 'bgr' | undefined {
  if (format === 'RGBA' || format === 'RGBX') return 'rgb';
  return format === 'BGRA' || format === 'BGRX' ? 'bgr' : undefined;
}

/**
 * The pixels as they are stored: colours that are not multiplied by alpha, as FFmpeg's rgba has them.
 * `copyTo` with a format would multiply by alpha and divide again, which loses what is nearly transparent.
 *
 * @param frame packed; stays the caller's.
 * @param width of its visible pixels.
 * @param bytes four for each pixel; the result lies in it.
 */
export async function ownPixels(
  frame: PackedFrame,
  width: number,
  bytes: ArrayBuffer,
): Promise<PackedPixels> {
  await frame.copyTo(bytes, { layout: [{ offset: 0, stride: 4 * width }] });
  const pixels = new Uint32Array(bytes);
  if (packedOrder(frame.format) === 'bgr') changeRedAndBlue(pixels);
  const keepsAlpha = frame.format === 'RGBA' || frame.format === 'BGRA';
  return { pixels, hasTransparency: keepsAlpha && isTransparent(pixels) };
}

function changeRedAndBlue(pixels: Uint32Array): void {
  for (let index = 0; index < pixels.length; index++) {
    const pixel = pixels[index]!;
    pixels[index] = (pixel & 0xff00ff00) | ((pixel & 0xff) << 16) | ((pixel >>> 16) & 0xff);
  }
}

function isTransparent(pixels: Uint32Array): boolean {
  for (let index = 0; index < pixels.length; index++) if (pixels[index]! >>> 24 !== 255) return true;
  return false;
}
