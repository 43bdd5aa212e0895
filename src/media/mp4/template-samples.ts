/** What the tables of a template's track say of its own samples. */
import { averageBitRate } from './bit-rate.ts';
import type { Box } from './box-reader.ts';

export interface TemplateSamples {
  /** Units that the last one lasts; 0 without any. */
  readonly lastDuration: number;
  /** Bits a second. */
  readonly bitRate: number;
  /** Bytes of each sample of raw sound, which lasts one unit; 0 for everything else. */
  readonly rawSampleSize: number;
}

/** @param times `stts`, `sizes` `stsz`; what is cut off of them counts as nothing. */
export function readTemplateSamples(
  bytes: Uint8Array,
  times: Box,
  sizes: Box,
  timeScale: number,
): TemplateSamples {
  const runs = wordsOf(bytes, times).slice(2);
  const [, size = 0, count = 0, ...each] = wordsOf(bytes, sizes);
  let duration = 0;
  for (let at = 0; at + 1 < runs.length; at += 2) duration += runs[at]! * runs[at + 1]!;
  const total = size > 0 ? size * count : each.reduce((sum, value) => sum + value, 0);
  const lastDuration = runs.length >= 2 ? runs.at(-1)! : 0;
  return {
    lastDuration,
    bitRate: averageBitRate(total, Math.min(duration, Number.MAX_SAFE_INTEGER), timeScale),
    rawSampleSize: runs.length === 2 && lastDuration === 1 ? size : 0,
  };
}

/** All words of a box behind its header. */
function wordsOf(bytes: Uint8Array, { body, end }: Box): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.floor((end - body) / 4) }, (_, index) => view.getUint32(body + 4 * index));
}
