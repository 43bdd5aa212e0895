/**
 * The vertical step of a scaler to packed RGB. libswscale/output.c has it in three forms (yuv2rgb_1, _2
 * and _X, each with and without full chroma), and vscale.c · packed_vscale chooses; they are one sum with
 * other coefficients and rounding.
 */
import type { ScaleFilter } from '../init-filter.ts';
import { bilinearFilter, fastBilinearFilter } from './linear-filter.ts';
import type { ScaleSetup } from './scale-setup.ts';

export interface VerticalStep {
  readonly luma: ScaleFilter;
  readonly chroma: ScaleFilter;
  /** What is added to a sum before it is shifted by `shift`. */
  readonly lumaBias: number;
  readonly chromaBias: number;
  /** 19 leaves levels; 10, for full chroma, leaves 512 to a level, and chroma counted from 128. */
  readonly shift: number;
}

export function verticalStep({
  src,
  dst,
  chromaSrc,
  chromaDst,
  narrow,
  fullChroma,
}: ScaleSetup): VerticalStep {
  const filter = narrow ? bilinearFilter : fastBilinearFilter;
  const luma = filter(src.height, dst.height, 1 << 12);
  const chroma = filter(chromaSrc.height, chromaDst.height, 1 << 12);
  const shift = fullChroma ? 10 : 19;
  const rounding = luma.taps === 2 && chroma.taps === 2 ? 0 : 1 << (shift - 1);
  return {
    luma,
    chroma: luma.taps === 1 && chroma.taps === 2 ? nearestOrMean(chroma) : chroma,
    lumaBias: rounding,
    chromaBias: fullChroma ? rounding - (128 << 19) : rounding,
    shift,
  };
}

/**
 * yuv2rgb_1_c: beside unscaled luma, chroma is the first of two rows, or the mean of
 * both from half of the second on.
 */
function nearestOrMean({ taps, positions, coefficients }: ScaleFilter): ScaleFilter {
  const snapped = new Int16Array(coefficients.length);
  for (let i = 0; i < coefficients.length; i += 2) {
    const mean = coefficients[i + 1]! >= 2048;
    snapped[i] = mean ? 2048 : 4096;
    snapped[i + 1] = mean ? 2048 : 0;
  }
  return { taps, positions, coefficients: snapped };
}

/**
 * Row `y` of the destination in `dst`. `lines[r % lines.length]` is source row r, for
 * all rows that the filter names.
 */
export function sumLines(
  dst: Int32Array,
  lines: readonly Int16Array[],
  { taps, positions, coefficients }: ScaleFilter,
  y: number,
  bias: number,
  shift: number,
): void {
  const line = (j: number) => lines[(positions[y]! + j) % lines.length]!;
  const coefficient = (j: number) => coefficients[y * taps + j]!;
  if (taps <= 2) {
    const second = taps === 2 ? 1 : 0;
    addTwo(dst, line(0), coefficient(0), line(second), second * coefficient(second), bias, shift);
    return;
  }
  dst.fill(bias);
  for (let j = 0; j < taps; j++) addOne(dst, line(j), coefficient(j));
  for (let x = 0; x < dst.length; x++) dst[x]! >>= shift;
}

function addTwo(
  dst: Int32Array,
  first: Int16Array,
  firstFactor: number,
  second: Int16Array,
  secondFactor: number,
  bias: number,
  shift: number,
): void {
  for (let x = 0; x < dst.length; x++) {
    dst[x] = (first[x]! * firstFactor + second[x]! * secondFactor + bias) >> shift;
  }
}

function addOne(dst: Int32Array, line: Int16Array, factor: number): void {
  for (let x = 0; x < dst.length; x++) dst[x] = dst[x]! + line[x]! * factor;
}
