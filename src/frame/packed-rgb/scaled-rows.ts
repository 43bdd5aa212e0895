/** Rows of a frame, read and scaled horizontally (libswscale/hscale.c, and the readers of input.c). */
import type { Frame } from '../frame.ts';
import { filterIncrement, type ScaleFilter } from '../init-filter.ts';
import type { PixelFormat } from '../pixel-format.ts';
import { hcscaleFast, hScale, hyscaleFast, type SourceRow } from './horizontal-scale.ts';
import { bilinearFilter, fastBilinearFilter } from './linear-filter.ts';
import {
  bgrOffsets,
  floatToLuma,
  rgbOffsets,
  rgbToChroma,
  rgbToHalfChroma,
  rgbToLuma,
} from './rgb-to-yuv.ts';
import type { ScaleSetup } from './scale-setup.ts';

/** How one kind of row is scaled: by position and increment, or by a filter. */
interface RowScale {
  readonly srcWidth: number;
  readonly increment: number;
  /** Absent where hyscale_fast_c and hcscale_fast_c serve. */
  readonly filter?: ScaleFilter;
  readonly shift: number;
  /** Source samples that the filter uses, in order: with fast bilinear, two for a destination sample. */
  readonly columns: Int32Array;
}

/** Reader and horizontal scaler of one format and geometry; its scratch rows are made once. */
export class ScaledRows {
  readonly #format: PixelFormat;
  readonly #luma: RowScale;
  readonly #chroma: RowScale;
  readonly #halvesChroma: boolean;
  /** Rows that are not in the frame as they are scaled: Y of RGB and float; U and V of RGB and nv12. */
  readonly #y: Uint16Array;
  readonly #u: SourceRow;
  readonly #v: SourceRow;

  constructor(format: PixelFormat, setup: ScaleSetup) {
    const { src, dst, chromaSrc, chromaDst } = setup;
    const isRgb = format === 'rgb24' || format === 'bgr24';
    const shift = isRgb ? 13 : format === 'grayf32le' ? 15 : 7;
    this.#format = format;
    this.#luma = rowScale(setup, src.width, dst.width, shift);
    this.#chroma = rowScale(setup, chromaSrc.width, chromaDst.width, shift);
    this.#halvesChroma = chromaSrc.width < src.width;
    this.#y = new Uint16Array(shift === 7 ? 0 : src.width);
    const scratch = isRgb || format === 'nv12' ? chromaSrc.width : 0;
    this.#u = isRgb ? new Uint16Array(scratch) : new Uint8Array(scratch);
    this.#v = isRgb ? new Uint16Array(scratch) : new Uint8Array(scratch);
  }

  /** Luma row `y` of the frame in `dst`, as long as the destination is wide. */
  luma(frame: Frame, y: number, dst: Int16Array): void {
    const data = frame.data[0]!;
    const start = y * frame.linesize[0]!;
    const { width } = frame;
    switch (this.#format) {
      case 'rgb24':
      case 'bgr24':
        rgbToLuma(this.#y, data, start, this.#rgbOffsets, this.#luma.columns);
        scaleRow(dst, this.#y, 0, this.#luma, hyscaleFast);
        break;
      case 'grayf32le':
        floatToLuma(this.#y, data, start, width);
        scaleRow(dst, this.#y, 0, this.#luma, hyscaleFast);
        break;
      default:
        scaleRow(dst, data, start, this.#luma, hyscaleFast);
    }
  }

  /** Chroma row `y` of a frame that has chroma. */
  chroma(frame: Frame, y: number, dstU: Int16Array, dstV: Int16Array): void {
    let [u, v]: SourceRow[] = [this.#u, this.#v];
    let start = 0;
    if (this.#u instanceof Uint16Array && this.#v instanceof Uint16Array) {
      const at = y * frame.linesize[0]!;
      const { columns } = this.#chroma;
      if (this.#halvesChroma) {
        rgbToHalfChroma(this.#u, this.#v, frame.data[0]!, at, this.#rgbOffsets, columns, frame.width);
      } else {
        rgbToChroma(this.#u, this.#v, frame.data[0]!, at, this.#rgbOffsets, columns);
      }
    } else if (this.#format === 'nv12') {
      split(frame.data[1]!, y * frame.linesize[1]!, this.#u, this.#v);
    } else {
      [, u, v] = frame.data;
      start = y * frame.linesize[1]!;
    }
    scaleRow(dstU, u!, start, this.#chroma, hcscaleFast);
    scaleRow(dstV, v!, start, this.#chroma, hcscaleFast);
  }

  get #rgbOffsets() {
    return this.#format === 'bgr24' ? bgrOffsets : rgbOffsets;
  }
}

function rowScale(setup: ScaleSetup, srcWidth: number, dstWidth: number, shift: number): RowScale {
  const increment = filterIncrement(srcWidth, dstWidth);
  if (setup.fastRows) return { srcWidth, increment, shift, columns: new Int32Array(0) };
  const filter = (setup.narrow ? bilinearFilter : fastBilinearFilter)(srcWidth, dstWidth, 1 << 14);
  return { srcWidth, increment, filter, shift, columns: usedColumns(filter, srcWidth) };
}

function usedColumns({ taps, positions }: ScaleFilter, srcWidth: number): Int32Array {
  const used = new Uint8Array(srcWidth);
  for (const position of positions) used.fill(1, position, position + taps);
  const columns = Int32Array.from({ length: srcWidth }, (_, column) => column);
  return columns.filter((column) => used[column] === 1);
}

function scaleRow(
  dst: Int16Array,
  src: SourceRow,
  start: number,
  { srcWidth, increment, filter, shift }: RowScale,
  fast: typeof hyscaleFast,
): void {
  if (filter !== undefined) hScale(dst, src, start, filter, shift);
  else if (src instanceof Uint8Array) fast(dst, src, start, srcWidth, increment);
}

/** nv12ToUV_c */
function split(src: Uint8Array, start: number, dstU: SourceRow, dstV: SourceRow): void {
  for (let i = 0, at = start; i < dstU.length; i++, at += 2) {
    dstU[i] = src[at]!;
    dstV[i] = src[at + 1]!;
  }
}
