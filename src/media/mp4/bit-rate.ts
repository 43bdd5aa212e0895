/** The bit rates in a track's description (libavformat/movenc.c · calculate_mpeg4_bit_rates). */
import { offsetOf } from './box-reader.ts';
import type { MediaSample } from './media-sample.ts';
import { sampleDurations } from './sample-tables.ts';

/** Where a box keeps the highest rate, with the average behind it, in bytes from the box's type. */
const rateOffsets: readonly { readonly type: string; readonly length: number; readonly at: number }[] = [
  { type: 'btrt', length: 16, at: 8 },
  // The descriptors of ISO/IEC 14496-1 with lengths of four bytes, as ffmpeg writes them.
  { type: 'esds', length: 34, at: 26 },
];

/** Bits a second of samples that last so long; 0 where they last no time. */
export function averageBitRate(bytes: number, duration: number, timeScale: number): number {
  return duration <= 0 ? 0 : Number((BigInt(bytes) * 8n * BigInt(timeScale)) / BigInt(duration));
}

/**
 * A description with the rates of other samples: the average, and the highest one where that is no more
 * than the average.
 *
 * @param description a whole `stsd` box.
 * @param average of the samples that the description was written for.
 */
export function withBitRate(
  description: Uint8Array,
  average: number,
  samples: readonly MediaSample[],
  timeScale: number,
): Uint8Array {
  const size = samples.reduce((sum, sample) => sum + sample.size, 0);
  const duration = sampleDurations(samples).reduce((sum, value) => sum + value, 0);
  const rate = averageBitRate(size, duration, timeScale);
  const copy = description.slice();
  const view = new DataView(copy.buffer);
  for (const { type, length, at } of rateOffsets) {
    const start = offsetOf(copy, type);
    if (start < 0 || start + length > copy.length) continue;
    const highest = view.getUint32(start + at);
    view.setUint32(start + at, highest === average ? rate : Math.max(highest, rate));
    if (view.getUint32(start + at + 4) === average) view.setUint32(start + at + 4, rate);
  }
  return copy;
}
