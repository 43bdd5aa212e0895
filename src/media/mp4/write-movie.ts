/** The index of a file whose samples are known, from that of a file with the same tracks. */
import { box } from './box-writer.ts';
import { boxesIn, type Box } from './box-reader.ts';
import type { MediaSample } from './media-sample.ts';
import { type MovieTemplate, type TrackTemplate, wordsBehindTimes } from './movie-template.ts';
import { rawSoundTables, sampleTables } from './sample-tables.ts';
import { writeEditList } from './edit-list.ts';
import { withBitRate } from './bit-rate.ts';
import { rescaleUp, trackTimes } from './track-times.ts';

/**
 * The `moov` box. A track without samples is left out, as libavformat/movenc.c does.
 *
 * @param samples by track of the template.
 */
export function writeMovie(
  template: MovieTemplate,
  samples: readonly (readonly MediaSample[])[],
): Uint8Array<ArrayBuffer> {
  const { bytes, timeScale, tracks } = template;
  const durations = tracks.map((track, index) => shownFor(track, samples[index]!, timeScale));
  const movie = boxesIn(bytes)[0]!;
  const parts = boxesIn(bytes, movie.body, movie.end).flatMap((part) => {
    if (part.type === 'mvhd') return [withDuration(bytes, part, Math.max(0, ...durations))];
    const index = tracks.findIndex((track) => track.box.start === part.start);
    const track = tracks[index];
    if (track === undefined) return [bytes.subarray(part.start, part.end)];
    if (track.isMuxersOwn) return [bytes.subarray(part.start, part.end)];
    if (samples[index]!.length === 0) return [];
    return [writeTrack({ bytes, track, samples: samples[index]!, movieTimeScale: timeScale })];
  });
  return box('moov', ...parts);
}

/** Units of the movie until the track's end: from zero where an edit list says when it begins. */
function shownFor(
  { editStart, timeScale }: TrackTemplate,
  samples: readonly MediaSample[],
  movieTimeScale: number,
): number {
  const { startPts, endPts } = trackTimes(samples);
  return rescaleUp(editStart === undefined ? endPts - startPts : endPts, movieTimeScale, timeScale);
}

interface TrackWriting {
  readonly bytes: Uint8Array;
  readonly track: TrackTemplate;
  readonly samples: readonly MediaSample[];
  readonly movieTimeScale: number;
}

function writeTrack(writing: TrackWriting): Uint8Array {
  const { bytes, track, samples, movieTimeScale } = writing;
  const { startPts, endPts } = trackTimes(samples);
  const rewrite = (part: Box): Uint8Array => {
    switch (part.type) {
      case 'tkhd':
        return withDuration(bytes, part, shownFor(track, samples, movieTimeScale));
      case 'mdhd':
        return withDuration(bytes, part, endPts - startPts);
      case 'edts':
        return box('edts', writeEditList(samples, track.timeScale, movieTimeScale));
      case 'mdia':
      case 'minf':
        return box(part.type, ...boxesIn(bytes, part.body, part.end).map(rewrite));
      case 'stbl':
        return writeTables(writing, part);
      default:
        return bytes.subarray(part.start, part.end);
    }
  };
  return box('trak', ...boxesIn(bytes, track.box.body, track.box.end).map(rewrite));
}

const replaced: ReadonlySet<string> = new Set([
  'stts',
  'stss',
  'sdtp',
  'stps',
  'ctts',
  'stsc',
  'stsz',
  'stco',
  'co64',
]);

function writeTables({ bytes, track, samples }: TrackWriting, part: Box): Uint8Array {
  const before: Uint8Array[] = [];
  const behind: Uint8Array[] = [];
  for (const table of boxesIn(bytes, part.body, part.end)) {
    const content = bytes.subarray(table.start, table.end);
    if (table.type === 'stsd') before.push(withBitRate(content, track.bitRate, samples, track.timeScale));
    else if (table.type === 'sbgp') behind.push(withGroupOf(content, samples.length));
    else if (!replaced.has(table.type)) behind.push(content);
  }
  const tables =
    track.rawSampleSize > 0
      ? rawSoundTables(samples, track.rawSampleSize)
      : sampleTables(samples, track.type === 'video');
  return box('stbl', ...before, tables, ...behind);
}

/** A group that all samples are in: the pre-roll of AAC and Opus. */
function withGroupOf(content: Uint8Array, count: number): Uint8Array {
  const copy = content.slice();
  if (copy.length === 28) new DataView(copy.buffer).setUint32(20, count);
  return copy;
}

/** `mvhd`, `tkhd` or `mdhd` with another duration. */
function withDuration(bytes: Uint8Array, part: Box, duration: number): Uint8Array {
  const copy = bytes.slice(part.start, part.end);
  const { at, isLong } = wordsBehindTimes(bytes, part);
  // The duration stands behind the time scale, or behind the track's number and an empty word.
  const offset = at - part.start + (part.type === 'tkhd' ? 8 : 4);
  const view = new DataView(copy.buffer);
  if (isLong) view.setBigUint64(offset, BigInt(duration));
  else view.setUint32(offset, Math.min(duration, 2 ** 32 - 1));
  return copy;
}
