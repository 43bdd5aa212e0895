/**
 * One pass of swscale over an 8-bit plane: rows first, then columns, with the integers of its C code
 * (libswscale/swscale.c · hScale8To15_c, output.c · yuv2planeX_8_c and yuv2ya8_*_c, vscale.c).
 */
import type { ScaleFilter } from './init-filter.ts';
import { bicubicFilter } from './scale-filter.ts';

export interface PlaneSize {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * A change of the sample range between the two steps (swscale.c · lumRangeFromJpeg_c and lumRangeToJpeg_c).
 */
export type RangeConversion = 'keep' | 'full_to_limited' | 'limited_to_full';

/** What a pass writes: `packed` is ya8, whose C code has a special case for two vertical taps. */
export type PassOutput = 'planar' | 'packed';

/**
 * A prepared pass for one geometry: filters and row buffers are made once, `scale`
 * allocates nothing of a frame's size.
 */
export class PlaneScalePass {
  readonly #channels: number;
  readonly #range: RangeConversion;
  readonly #output: PassOutput;
  readonly #horizontal: ScaleFilter;
  readonly #vertical: ScaleFilter;
  /**
   * Horizontally scaled source rows, 15 bits a sample; source row y lives in row y modulo the vertical taps.
   */
  readonly #rows: readonly Int16Array[];
  readonly #sums: Int32Array;

  constructor(
    src: PlaneSize,
    dst: PlaneSize,
    channels: 1 | 2 | 3,
    range: RangeConversion,
    output: PassOutput,
  ) {
    this.#channels = channels;
    this.#range = range;
    this.#output = output;
    this.#horizontal = bicubicFilter(src.width, dst.width, 1 << 14);
    this.#vertical = bicubicFilter(src.height, dst.height, 1 << 12);
    const rowLength = dst.width * channels;
    this.#rows = Array.from({ length: this.#vertical.taps }, () => new Int16Array(rowLength));
    this.#sums = new Int32Array(rowLength);
  }

  /** The larger number of taps of the two dimensions. */
  get taps(): number {
    return Math.max(this.#horizontal.taps, this.#vertical.taps);
  }

  /** Linesizes are bytes from row to row. The planes must hold the sizes that the pass was made for. */
  scale(src: Uint8Array, srcLinesize: number, dst: Uint8Array, dstLinesize: number): void {
    const { taps, positions } = this.#vertical;
    const clamped = new Uint8ClampedArray(dst.buffer, dst.byteOffset, dst.length);
    let nextRow = 0;
    for (let y = 0; y < positions.length; y++) {
      const position = positions[y]!;
      nextRow = Math.max(nextRow, position);
      for (; nextRow < position + taps; nextRow++)
        this.#scaleRow(src.subarray(nextRow * srcLinesize), nextRow);
      this.#sumRows(y);
      storeRow(this.#sums, clamped, y * dstLinesize);
    }
  }

  #scaleRow(src: Uint8Array, y: number): void {
    const row = this.#rows[y % this.#vertical.taps]!;
    for (let channel = 0; channel < this.#channels; channel++) {
      scaleChannel(src, row, this.#horizontal, this.#channels, channel);
    }
    if (this.#range !== 'keep') convertRange(row, this.#channels, this.#range);
  }

  #sumRows(y: number): void {
    const { taps, positions, coefficients } = this.#vertical;
    const position = positions[y]!;
    const tap = y * taps;
    // yuv2ya8_2_c, taken where neither of two taps is negative, is the one vertical step that does not round.
    const second = coefficients[tap + 1]!;
    const exact = this.#output === 'packed' && taps === 2 && second >= 0 && second <= 4096;
    this.#sums.fill(exact ? 0 : 1 << 18);
    const row = (j: number) => this.#rows[(position + j) % taps]!;
    let j = 0;
    for (; j + 4 <= taps; j += 4) {
      addRows(this.#sums, row(j), row(j + 1), row(j + 2), row(j + 3), coefficients.subarray(tap + j));
    }
    for (; j < taps; j++) addRow(this.#sums, row(j), coefficients[tap + j]!);
  }
}

/** Overshoot is cut at 15 bits here, before the vertical step; undershoot is kept. */
function scaleChannel(
  src: Uint8Array,
  dst: Int16Array,
  { taps, positions, coefficients }: ScaleFilter,
  channels: number,
  channel: number,
): void {
  let tap = 0;
  for (let x = 0; x < positions.length; x++) {
    let from = positions[x]! * channels + channel;
    let sum = 0;
    for (let j = 0; j < taps; j++) {
      sum += src[from]! * coefficients[tap]!;
      from += channels;
      tap++;
    }
    sum >>= 7;
    dst[x * channels + channel] = sum > 32767 ? 32767 : sum;
  }
}

/** Converts the first channel; the second is alpha to swscale, which has no range. */
function convertRange(row: Int16Array, channels: number, range: 'full_to_limited' | 'limited_to_full'): void {
  for (let x = 0; x < row.length; x += channels) {
    const value = row[x]!;
    row[x] =
      range === 'full_to_limited'
        ? (value * 14071 + 33561947) >> 14
        : (Math.min(value, 30189) * 19077 - 39057361) >> 14;
  }
}

/** Four taps at once: this is where the time goes. */
function addRows(
  sums: Int32Array,
  row0: Int16Array,
  row1: Int16Array,
  row2: Int16Array,
  row3: Int16Array,
  coefficients: Int16Array,
): void {
  const c0 = coefficients[0]!;
  const c1 = coefficients[1]!;
  const c2 = coefficients[2]!;
  const c3 = coefficients[3]!;
  for (let x = 0; x < sums.length; x++) {
    sums[x] = (sums[x]! + row0[x]! * c0 + row1[x]! * c1 + row2[x]! * c2 + row3[x]! * c3) | 0;
  }
}

function addRow(sums: Int32Array, row: Int16Array, coefficient: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] = sums[x]! + row[x]! * coefficient;
}

function storeRow(sums: Int32Array, dst: Uint8ClampedArray, offset: number): void {
  for (let x = 0; x < sums.length; x++) dst[offset + x] = sums[x]! >> 19;
}
