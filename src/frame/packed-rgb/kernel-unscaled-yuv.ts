/** yuv420p and yuv422p to packed RGB with the kernels: the bytes of unscaled-yuv.ts. */
import type { Frame } from '../frame.ts';
import type { PixelKernels } from '../pixel-kernels/pixel-kernels.ts';
import type { PackedRgbConverter } from './packed-rgb-converter.ts';
import { yuvToRgbTables, type YuvToRgbLines } from './yuv-to-rgb-tables.ts';

/** Pixels leave the kernels' memory in strips that stay in the cache. */
const stripBytes = 128 * 1024;
/** What a kernel may read and write behind a row. */
const guard = 48;

/** For frames of an even height. */
export class KernelUnscaledYuv implements PackedRgbConverter {
  readonly #kernels: PixelKernels;
  readonly #chromaRows: 1 | 2;
  readonly #order: 'rgb' | 'bgr';
  readonly #parameters: Uint8Array;

  /** Parameters as of {@link UnscaledYuv}. */
  constructor(
    kernels: PixelKernels,
    chromaRows: 1 | 2,
    order: 'rgb' | 'bgr',
    { lines } = yuvToRgbTables(false),
  ) {
    this.#kernels = kernels;
    this.#chromaRows = chromaRows;
    this.#order = order;
    this.#parameters = new Uint8Array(kernelParameters(lines, order).buffer);
  }

  convert({ data, linesize, width, height }: Frame, dst: Uint8Array): void {
    const { run } = this.#kernels;
    const [lumaBytes, chromaBytes] = [linesize[0]!, linesize[1]! * this.#chromaRows];
    const destBytes = 3 * width + guard;
    const pairs = Math.max(1, Math.floor(stripBytes / (2 * destBytes)));
    const [parameters, luma, chromaU, chromaV, dest] = this.#kernels.place([
      this.#parameters.byteLength,
      2 * pairs * lumaBytes + guard,
      pairs * chromaBytes + guard,
      pairs * chromaBytes + guard,
      2 * pairs * destBytes + guard,
    ]);
    const [first, second] = this.#order === 'rgb' ? [chromaU, chromaV] : [chromaV, chromaU];
    const { bytes } = this.#kernels;
    bytes.set(this.#parameters, parameters);
    for (let from = 0; from < height / 2; from += pairs) {
      const to = Math.min(from + pairs, height / 2);
      bytes.set(data[0]!.subarray(2 * from * lumaBytes, 2 * to * lumaBytes), luma);
      bytes.set(data[1]!.subarray(from * chromaBytes, to * chromaBytes), chromaU);
      bytes.set(data[2]!.subarray(from * chromaBytes, to * chromaBytes), chromaV);
      for (let pair = 0; pair < to - from; pair++) {
        const chroma = pair * chromaBytes;
        const rows = dest + 2 * pair * destBytes;
        run.writeRgbRows(
          ...([luma + 2 * pair * lumaBytes, lumaBytes, first + chroma, second + chroma] as const),
          ...([width, rows, destBytes, parameters] as const),
        );
      }
      for (let row = 2 * from; row < 2 * to; row++) {
        const start = dest + (row - 2 * from) * destBytes;
        dst.set(bytes.subarray(start, start + 3 * width), 3 * row * width);
      }
    }
  }
}

/** What wasm/pixels/write-rgb-rows.ts takes; for BGR, U and V change places. */
function kernelParameters(lines: YuvToRgbLines, order: 'rgb' | 'bgr'): Int32Array {
  const { redOfV, greenOfU, greenOfV, blueOfU, offset, slope, bias } = lines;
  const move = (...increments: number[]): number =>
    increments.reduce((sum, increment) => sum - (increment >> 9), offset);
  const [byV, byU] = order === 'rgb' ? [redOfV, blueOfU] : [blueOfU, redOfV];
  const [greenByU, greenByV] = order === 'rgb' ? [greenOfU, greenOfV] : [greenOfV, greenOfU];
  // A level is k + ((k * slope + bias * 2^14) >> 16), summed as products of two 16-bit numbers each.
  return Int32Array.of(
    ...[byV, greenByU, greenByV, byU, move(byV), move(greenByU, greenByV), move(byU)],
    ...[slope | (1 << 30), bias],
  );
}
