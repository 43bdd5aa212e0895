/** rgb24 to yuv420p with the kernels: the bytes of rgb24-to-yuv420p.ts. */
import type { ScaleFilter } from '../init-filter.ts';
import type { PixelKernels } from '../pixel-kernels/pixel-kernels.ts';
import { frameLayout } from '../plane-layout.ts';
import type { PlaneSize } from '../plane-scale-pass.ts';
import { rgbToYuvFactors } from './rgb-to-yuv-factors.ts';
import { verticalChromaFilter } from './rgb24-to-yuv420p.ts';
import type { Yuv420pConverter } from './yuv420p-converter.ts';

/** Pixels come into the kernels' memory in strips that stay in the cache. */
const stripBytes = 128 * 1024;
/** What a kernel may read behind a row. */
const guard = 16;

/** Converter of one size. */
export class KernelRgb24ToYuv420p implements Yuv420pConverter {
  readonly #kernels: PixelKernels;
  readonly #size: PlaneSize;
  readonly #factors: Int16Array;
  readonly #vertical: ScaleFilter;

  /** Parameters as of {@link Rgb24ToYuv420p}. */
  constructor(kernels: PixelKernels, size: PlaneSize, matrix?: string) {
    const { y, u, v } = rgbToYuvFactors(matrix);
    this.#kernels = kernels;
    this.#size = size;
    this.#factors = Int16Array.of(...y, ...u, ...v);
    this.#vertical = verticalChromaFilter(size.height);
  }

  convert(rgb: Uint8Array): Uint8Array<ArrayBuffer> {
    const { width, height } = this.#size;
    const { taps, positions, coefficients } = this.#vertical;
    const { run } = this.#kernels;
    const chromaWidth = Math.ceil(width / 2);
    const rowBytes = Math.ceil(chromaWidth / 8) * 16;
    const stripRows = Math.max(1, Math.floor(stripBytes / (3 * width)));
    const { size, planes } = frameLayout('yuv420p', width, height);
    const [factors, weights, ringU, ringV, strip, yuv] = this.#kernels.place([
      this.#factors.byteLength,
      coefficients.byteLength,
      taps * rowBytes,
      taps * rowBytes,
      3 * stripRows * width + guard,
      size,
    ]);
    const { bytes } = this.#kernels;
    bytes.set(bytesOf(this.#factors), factors);
    bytes.set(bytesOf(coefficients), weights);
    const [luma, chromaU, chromaV] = planes.map(({ offset }) => yuv + offset);
    const readRow = (row: number): void => {
      const inStrip = row % stripRows;
      if (inStrip === 0)
        bytes.set(rgb.subarray(3 * row * width, 3 * Math.min(row + stripRows, height) * width), strip);
      const ring = (row % taps) * rowBytes;
      run.readRgbRow(
        strip + 3 * inStrip * width,
        width,
        luma! + row * width,
        ringU + ring,
        ringV + ring,
        factors,
      );
    };
    let next = 0;
    positions.forEach((first, y) => {
      while (next < Math.min(first + taps, height)) readRow(next++);
      const own = weights + 2 * y * taps;
      run.blendRows(ringU, rowBytes, taps, first, own, taps, chromaU! + y * chromaWidth, chromaWidth);
      run.blendRows(ringV, rowBytes, taps, first, own, taps, chromaV! + y * chromaWidth, chromaWidth);
    });
    return bytes.subarray(yuv, yuv + size);
  }
}

function bytesOf(numbers: Int16Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
