/**
 * yuv420p and yuv422p to packed RGB of the same size (libswscale/yuv2rgb.c ·
 * yuv2rgb_c_24_rgb and yuv2rgb_c_24_bgr).
 */
import type { Frame } from '../frame.ts';
import type { PackedRgbConverter } from './packed-rgb-converter.ts';
import { writeRgbPairs, type YuvRow } from './write-rgb.ts';
import { yuvToRgbTables, type YuvToRgbTables } from './yuv-to-rgb-tables.ts';

/**
 * Two rows share a row of chroma, also in yuv422p, where that is the upper one's. For frames of an even
 * height, of others swscale does not take this way.
 */
export class UnscaledYuv implements PackedRgbConverter {
  readonly #tables: YuvToRgbTables;
  readonly #chromaRows: 1 | 2;
  readonly #red: 0 | 2;
  readonly #row: YuvRow;

  /**
   * @param chromaRows chroma rows of the frame for two rows of luma.
   * @param tables of the frame's matrix and range.
   */
  constructor(width: number, chromaRows: 1 | 2, order: 'rgb' | 'bgr', tables = yuvToRgbTables(false)) {
    this.#tables = tables;
    this.#chromaRows = chromaRows;
    this.#red = order === 'rgb' ? 0 : 2;
    const chromaWidth = Math.ceil(width / 2);
    this.#row = {
      y: new Int32Array(width),
      u: new Int32Array(chromaWidth),
      v: new Int32Array(chromaWidth),
    };
  }

  convert({ data, linesize, width, height }: Frame, dst: Uint8Array): void {
    for (let y = 0; y < height; y++) {
      if (y % 2 === 0) {
        const start = (y / 2) * this.#chromaRows * linesize[1]!;
        copyRow(this.#row.u, data[1]!, start);
        copyRow(this.#row.v, data[2]!, start);
      }
      copyRow(this.#row.y, data[0]!, y * linesize[0]!);
      writeRgbPairs(dst, 3 * y * width, this.#row, this.#tables, this.#red);
    }
  }
}

function copyRow(dst: Int32Array, src: Uint8Array, start: number): void {
  for (let i = 0; i < dst.length; i++) dst[i] = src[start + i]!;
}
