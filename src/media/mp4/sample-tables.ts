/** The tables of a track's samples, as libavformat/movenc.c writes them. */
import { concat, longWords, wordBox } from './box-writer.ts';
import type { MediaSample } from './media-sample.ts';

/** A chunk of samples that follow each other in the file is smaller than this. */
const chunkLimit = 2 ** 20;

/** How long each sample lasts: until the next one, the last one as its packet says. */
export function sampleDurations(samples: readonly MediaSample[]): number[] {
  return samples.map(({ dts, duration }, index) => {
    const next = samples[index + 1];
    return next === undefined ? duration : next.dts - dts;
  });
}

/** Values with how often each one is repeated. */
function runs(values: readonly number[]): [count: number, value: number][] {
  const found: [count: number, value: number][] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last?.[1] === value) last[0] += 1;
    else found.push([1, value]);
  }
  return found;
}

function runBox(type: string, values: readonly number[], version = 0): Uint8Array {
  const found = runs(values);
  return wordBox(type, [found.length, ...found.flat()], version);
}

interface Chunk {
  readonly offset: number;
  size: number;
  samples: number;
}

/** @param samplesOf how many samples a packet is: raw sound has one for each moment. */
function chunksOf(samples: readonly MediaSample[], samplesOf: (sample: MediaSample) => number): Chunk[] {
  const chunks: Chunk[] = [];
  for (const sample of samples) {
    const { offset, size } = sample;
    const last = chunks.at(-1);
    if (last !== undefined && last.offset + last.size === offset && last.size + size < chunkLimit) {
      last.size += size;
      last.samples += samplesOf(sample);
    } else {
      chunks.push({ offset, size, samples: samplesOf(sample) });
    }
  }
  return chunks;
}

function chunkBoxes(chunks: readonly Chunk[]): { stsc: Uint8Array; stco: Uint8Array } {
  const entries: number[] = [];
  let before = -1;
  chunks.forEach(({ samples }, index) => {
    if (samples !== before) entries.push(index + 1, samples, 1);
    before = samples;
  });
  const isLong = (chunks.at(-1)?.offset ?? 0) >= 2 ** 32;
  const offsets = chunks.map(({ offset }) => offset);
  return {
    stsc: wordBox('stsc', [entries.length / 3, ...entries]),
    stco: isLong
      ? wordBox('co64', [offsets.length, ...offsets.flatMap(longWords)])
      : wordBox('stco', [offsets.length, ...offsets]),
  };
}

function sizeBox(samples: readonly MediaSample[]): Uint8Array {
  const first = samples[0]?.size ?? 0;
  if (samples.every(({ size }) => size === first)) {
    return wordBox('stsz', [Math.max(1, first), samples.length]);
  }
  return wordBox('stsz', [0, samples.length, ...samples.map(({ size }) => size)]);
}

/** Which samples a player can start at: all of them where there is no such table. */
function syncBoxes(samples: readonly MediaSample[]): Uint8Array[] {
  const sync = samples.flatMap(({ isSync }, index) => (isSync ? [index + 1] : []));
  return sync.length < samples.length ? [wordBox('stss', [sync.length, ...sync])] : [];
}

/** The tables behind a track's description. */
export function sampleTables(samples: readonly MediaSample[], isVideo: boolean): Uint8Array {
  const shifts = samples.map(({ pts, dts }) => pts - dts);
  const { stsc, stco } = chunkBoxes(chunksOf(samples, () => 1));
  return concat([
    runBox('stts', sampleDurations(samples)),
    ...(isVideo ? syncBoxes(samples) : []),
    ...(shifts.some((shift) => shift !== 0)
      ? [runBox('ctts', shifts, shifts.some((shift) => shift < 0) ? 1 : 0)]
      : []),
    stsc,
    sizeBox(samples),
    stco,
  ]);
}

/** Likewise for raw sound, whose samples have one size and last one unit each. @param sampleSize in bytes. */
export function rawSoundTables(samples: readonly MediaSample[], sampleSize: number): Uint8Array {
  const samplesOf = ({ size }: MediaSample): number => Math.floor(size / sampleSize);
  const count = samples.reduce((sum, sample) => sum + samplesOf(sample), 0);
  const { stsc, stco } = chunkBoxes(chunksOf(samples, samplesOf));
  return concat([wordBox('stts', [1, count, 1]), stsc, wordBox('stsz', [sampleSize, count]), stco]);
}
