/**
 * swscale's general way from a frame to packed 24-bit RGB or BGR (libswscale/swscale.c · swscale, C code):
 * rows are scaled horizontally, blended vertically, and converted.
 */
import type { Frame } from '../frame.ts';
import type { PixelFormat } from '../pixel-format.ts';
import type { PlaneSize } from '../plane-scale-pass.ts';
import type { PackedRgbConverter } from './packed-rgb-converter.ts';
import { LineRing } from './line-ring.ts';
import { ScaledRows } from './scaled-rows.ts';
import { scaleSetup, type ScaleSetup } from './scale-setup.ts';
import { sumLines, verticalStep, type VerticalStep } from './vertical-scale.ts';
import { writeRgbFull, writeRgbPairs, type YuvRow } from './write-rgb.ts';
import { yuvToRgbTables, type YuvToRgbTables } from './yuv-to-rgb-tables.ts';

/** Scaler of one geometry, with SWS_FAST_BILINEAR. All memory is made once. */
export class PackedRgbScaler implements PackedRgbConverter {
  readonly #setup: ScaleSetup;
  readonly #red: 0 | 2;
  readonly #rows: ScaledRows;
  readonly #vertical: VerticalStep;
  readonly #tables: YuvToRgbTables;
  readonly #luma: LineRing;
  readonly #chromaU: LineRing;
  readonly #chromaV: LineRing;
  readonly #row: YuvRow;

  constructor(format: PixelFormat, src: PlaneSize, dst: PlaneSize, order: 'rgb' | 'bgr') {
    const setup = scaleSetup(format, src, dst);
    const { chromaDst, fullRange } = setup;
    this.#setup = setup;
    this.#red = order === 'rgb' ? 0 : 2;
    this.#rows = new ScaledRows(format, setup);
    this.#vertical = verticalStep(setup);
    this.#tables = yuvToRgbTables(fullRange);
    this.#luma = new LineRing(this.#vertical.luma.taps, dst.width);
    this.#chromaU = new LineRing(this.#vertical.chroma.taps, chromaDst.width);
    this.#chromaV = new LineRing(this.#vertical.chroma.taps, chromaDst.width);
    this.#row = {
      y: new Int32Array(dst.width),
      u: new Int32Array(chromaDst.width),
      v: new Int32Array(chromaDst.width),
    };
    if (!setup.hasChroma)
      for (const plane of [this.#row.u, this.#row.v]) plane.fill(setup.fullChroma ? 0 : 128);
  }

  convert(frame: Frame, dst: Uint8Array): void {
    const { dst: size, fullChroma } = this.#setup;
    const write = fullChroma ? writeRgbFull : writeRgbPairs;
    for (const ring of [this.#luma, this.#chromaU, this.#chromaV]) ring.reset();
    for (let y = 0; y < size.height; y++) {
      this.#scaleLuma(frame, y);
      if (this.#setup.hasChroma) this.#scaleChroma(frame, y);
      write(dst, 3 * y * size.width, this.#row, this.#tables, this.#red);
    }
  }

  #scaleLuma(frame: Frame, y: number): void {
    const { luma, lumaBias, shift } = this.#vertical;
    const { lines } = this.#luma;
    const first = luma.positions[y]!;
    const last = Math.min(first + luma.taps, this.#setup.src.height) - 1;
    for (let row = this.#luma.missing(first, last); row <= last; row++) {
      this.#rows.luma(frame, row, lines[row % lines.length]!);
    }
    sumLines(this.#row.y, lines, luma, y, lumaBias, shift);
  }

  #scaleChroma(frame: Frame, y: number): void {
    const { chroma, chromaBias, shift } = this.#vertical;
    const { lines } = this.#chromaU;
    const { lines: linesV } = this.#chromaV;
    const first = chroma.positions[y]!;
    const last = Math.min(first + chroma.taps, this.#setup.chromaSrc.height) - 1;
    for (let row = this.#chromaU.missing(first, last); row <= last; row++) {
      this.#rows.chroma(frame, row, lines[row % lines.length]!, linesV[row % lines.length]!);
    }
    sumLines(this.#row.u, lines, chroma, y, chromaBias, shift);
    sumLines(this.#row.v, linesV, chroma, y, chromaBias, shift);
  }
}
