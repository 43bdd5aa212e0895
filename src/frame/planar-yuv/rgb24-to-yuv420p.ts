/**
 * rgb24 to yuv420p of the same size, as the scaler does it that ffmpeg puts before an encoder
 * (libswscale with SWS_BICUBIC, C code: input.c · rgb24ToY_c, rgb24ToUV_half_c; output.c ·
 * yuv2plane1_8_c, yuv2planeX_8_c).
 */
import type { ScaleFilter } from '../init-filter.ts';
import { frameLayout } from '../plane-layout.ts';
import type { PlaneSize } from '../plane-scale-pass.ts';
import { bicubicFilter } from '../scale-filter.ts';
import { rgbToYuvFactors, type RgbToYuvFactors } from './rgb-to-yuv-factors.ts';
import type { Yuv420pConverter } from './yuv420p-converter.ts';

/** Half a level of the samples that become luma, 128 a level (ff_sws_pb_64), and the rounding before. */
const lumaBias = (16 << 15) + (1 << 8) + (64 << 8);
const chromaBias = (128 << 16) + (1 << 9);

/** Converter of one size; all memory is made once. */
export class Rgb24ToYuv420p implements Yuv420pConverter {
  readonly #size: PlaneSize;
  readonly #factors: RgbToYuvFactors;
  readonly #vertical: ScaleFilter;
  /** Chroma of source rows, 128 a level: row y is at y modulo the taps. */
  readonly #rowsU: readonly Int16Array[];
  readonly #rowsV: readonly Int16Array[];
  readonly #planes: Uint8Array<ArrayBuffer>;

  /**
   * @param size at least 1x1.
   * @param matrix of the frames, by FFmpeg's name (libavutil/pixdesc.c); BT.601 for any other.
   */
  constructor(size: PlaneSize, matrix?: string) {
    this.#size = size;
    this.#factors = rgbToYuvFactors(matrix);
    this.#vertical = verticalChromaFilter(size.height);
    const rows = (): Int16Array[] =>
      Array.from({ length: this.#vertical.taps }, () => new Int16Array(Math.ceil(size.width / 2)));
    this.#rowsU = rows();
    this.#rowsV = rows();
    this.#planes = new Uint8Array(frameLayout('yuv420p', size.width, size.height).size);
  }

  convert(rgb: Uint8Array): Uint8Array<ArrayBuffer> {
    const { width, height } = this.#size;
    const yuv = this.#planes;
    const chromaWidth = Math.ceil(width / 2);
    const startU = width * height;
    const startV = startU + chromaWidth * Math.ceil(height / 2);
    const { taps, positions } = this.#vertical;
    writeLuma(yuv, rgb, startU, this.#factors);
    let next = 0;
    for (let y = 0; y < positions.length; y++) {
      for (const end = Math.min(positions[y]! + taps, height); next < end; next++) {
        const at = 3 * next * width;
        readChroma(this.#rowsU[next % taps]!, rgb, at, width, this.#factors.u);
        readChroma(this.#rowsV[next % taps]!, rgb, at, width, this.#factors.v);
      }
      blendRows(yuv, startU + y * chromaWidth, this.#rowsU, this.#vertical, y);
      blendRows(yuv, startV + y * chromaWidth, this.#rowsV, this.#vertical, y);
    }
    return yuv;
  }
}

/**
 * From rows of a picture to rows of its chroma, in units of 2^-12: vf_scale places the samples of yuv420p
 * between the rows.
 */
export function verticalChromaFilter(height: number): ScaleFilter {
  return bicubicFilter(height, Math.ceil(height / 2), 1 << 12);
}

function writeLuma(dst: Uint8Array, rgb: Uint8Array, count: number, { y }: RgbToYuvFactors): void {
  const [red, green, blue] = y;
  for (let i = 0, at = 0; i < count; i++, at += 3)
    dst[i] = (red * rgb[at]! + green * rgb[at + 1]! + blue * rgb[at + 2]! + lumaBias) >> 15;
}

/**
 * One plane's samples of a row that begins at byte `start`, of two pixels each. The last pixel of an
 * odd row is paired with itself; FFmpeg pairs it with whatever its memory holds behind the row.
 */
function readChroma(
  dst: Int16Array,
  rgb: Uint8Array,
  start: number,
  width: number,
  [red, green, blue]: RgbToYuvFactors['u'],
): void {
  for (let i = 0, at = start; i < dst.length; i++, at += 6) {
    const next = 2 * i + 1 < width ? at + 3 : at;
    const r = rgb[at]! + rgb[next]!;
    const g = rgb[at + 1]! + rgb[next + 1]!;
    const b = rgb[at + 2]! + rgb[next + 2]!;
    dst[i] = ((red * r + green * g + blue * b + chromaBias) >> 10) << 1;
  }
}

/** Output row `y` from its taps; a sample is rounded to the nearest level. */
function blendRows(
  dst: Uint8Array,
  start: number,
  rows: readonly Int16Array[],
  { taps, positions, coefficients }: ScaleFilter,
  y: number,
): void {
  const width = rows[0]!.length;
  const first = positions[y]!;
  for (let i = 0; i < width; i++) {
    let sum = 64 << 12;
    for (let j = 0; j < taps; j++) sum += rows[(first + j) % taps]![i]! * coefficients[y * taps + j]!;
    const level = sum >> 19;
    dst[start + i] = level < 0 ? 0 : level > 255 ? 255 : level;
  }
}
