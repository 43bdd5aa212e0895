/**
 * Scales one 8-bit plane as FFmpeg's DNN filters scale chroma: swscale from gray to gray or ya8 to ya8 with
 * SWS_BICUBIC (libswscale/utils.c · sws_init_context), bit-exact with its C code (`ffmpeg -cpuflags 0`).
 */
import { DnnError } from '../base/errors.ts';
import { PlaneScalePass, type PlaneSize } from './plane-scale-pass.ts';

/**
 * From this many taps on, swscale scales in two passes over a limited-range picture of middle size. (Where a
 * side shrinks a thousandfold it takes more passes; two serve here.)
 */
const cascadeTaps = 256;

/** A prepared scaler for one geometry; it may be used for any number of planes. */
export class PlaneScaler {
  readonly src: PlaneSize;
  readonly dst: PlaneSize;
  /**
   * Interleaved 8-bit samples of a pixel: 1, 2 for nv12's chroma, 3 for packed RGB, whose
   * samples are scaled one by one.
   */
  readonly channels: 1 | 2 | 3;
  /** Empty where the sizes are equal and the plane is copied. */
  readonly #passes: readonly PlaneScalePass[];
  /** The picture between two passes. */
  readonly #middle: { readonly data: Uint8Array; readonly linesize: number };

  /** @throws DnnError `EINVAL` for a side that is not a positive integer. */
  constructor(src: PlaneSize, dst: PlaneSize, channels: 1 | 2 | 3) {
    for (const side of [src.width, src.height, dst.width, dst.height]) {
      if (Number.isInteger(side) && side >= 1) continue;
      throw new DnnError(
        'EINVAL',
        `Cannot scale a plane of ${src.width}x${src.height} to ${dst.width}x${dst.height}.`,
        { srcWidth: src.width, srcHeight: src.height, dstWidth: dst.width, dstHeight: dst.height },
      );
    }
    this.src = src;
    this.dst = dst;
    this.channels = channels;
    const middle = {
      width: Math.floor(Math.sqrt(src.width * dst.width)),
      height: Math.floor(Math.sqrt(src.height * dst.height)),
    };
    this.#passes = choosePasses(src, middle, dst, channels);
    const middleBytes = this.#passes.length === 2 ? middle.width * middle.height * channels : 0;
    this.#middle = { data: new Uint8Array(middleBytes), linesize: middle.width * channels };
  }

  /**
   * Scales `src` into `dst`; linesizes are bytes from row to row. Bytes of `dst` beyond a
   * row's pixels stay as they are.
   *
   * @throws DnnError `EINVAL` if a plane is too small for its size.
   */
  scale(src: Uint8Array, srcLinesize: number, dst: Uint8Array, dstLinesize: number): void {
    checkPlane('source', src, srcLinesize, this.src, this.channels);
    checkPlane('destination', dst, dstLinesize, this.dst, this.channels);
    const [first, second] = this.#passes;
    if (first === undefined) {
      copyRows(src, srcLinesize, dst, dstLinesize, this.src.width * this.channels, this.src.height);
    } else if (second === undefined) {
      first.scale(src, srcLinesize, dst, dstLinesize);
    } else {
      first.scale(src, srcLinesize, this.#middle.data, this.#middle.linesize);
      second.scale(this.#middle.data, this.#middle.linesize, dst, dstLinesize);
    }
  }
}

/** Copies `rows` rows of `bytes` bytes (av_image_copy_plane). */
function copyRows(
  src: Uint8Array,
  srcLinesize: number,
  dst: Uint8Array,
  dstLinesize: number,
  bytes: number,
  rows: number,
): void {
  for (let y = 0; y < rows; y++) {
    dst.set(src.subarray(y * srcLinesize, y * srcLinesize + bytes), y * dstLinesize);
  }
}

function choosePasses(
  src: PlaneSize,
  middle: PlaneSize,
  dst: PlaneSize,
  channels: 1 | 2 | 3,
): readonly PlaneScalePass[] {
  if (src.width === dst.width && src.height === dst.height) return [];
  const single = new PlaneScalePass(src, dst, channels, 'keep', channels === 2 ? 'packed' : 'planar');
  // Where swscale refuses to cascade (the other side grows), FFmpeg has no scaler at
  // all: one pass serves, as for RGB.
  if (channels === 3 || single.taps < cascadeTaps || src.width * src.height <= 4 * dst.width * dst.height)
    return [single];
  return [
    new PlaneScalePass(src, middle, channels, 'full_to_limited', 'planar'),
    new PlaneScalePass(middle, dst, channels, 'limited_to_full', 'planar'),
  ];
}

function checkPlane(
  name: string,
  plane: Uint8Array,
  linesize: number,
  { width, height }: PlaneSize,
  channels: number,
): void {
  const rowBytes = width * channels;
  if (linesize >= rowBytes && plane.length >= (height - 1) * linesize + rowBytes) return;
  throw new DnnError(
    'EINVAL',
    `The ${name} plane has ${plane.length} bytes in rows of ${linesize}: too few for ${width}x${height} pixels of ${channels} bytes.`,
    { plane: name, bytes: plane.length, linesize, width, height },
  );
}
