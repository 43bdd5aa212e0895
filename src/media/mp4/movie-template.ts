/** What the index of a finished file says of its tracks, whatever their samples are. */
import { DnnError } from '../../base/errors.ts';
import { type Box, boxesIn, boxNamed } from './box-reader.ts';
import type { PacketType } from './muxed-packet.ts';
import { type EditStart, readEditStart } from './edit-list.ts';
import { readTemplateSamples, type TemplateSamples } from './template-samples.ts';
import { nalFormatOf, type NalFormat } from './nal-format.ts';

export interface TrackTemplate extends TemplateSamples {
  /** What ffmpeg calls its packets. */
  readonly type: PacketType;
  /** Units of a second. */
  readonly timeScale: number;
  /** Name of its codec in the file, four characters. */
  readonly format: string;
  /** How its samples are divided; undefined where they are not. */
  readonly nal: NalFormat | undefined;
  /** When the template's track begins; undefined without an edit list. */
  readonly editStart: EditStart | undefined;
  /** The muxer filled it by itself, in front of the first packet: chapters and time codes. */
  readonly isMuxersOwn: boolean;
  /** The track's box in the template. */
  readonly box: Box;
}

export interface MovieTemplate {
  /** The `moov` box. */
  readonly bytes: Uint8Array;
  readonly timeScale: number;
  /** In the file's order, which is that of ffmpeg's streams. */
  readonly tracks: readonly TrackTemplate[];
}

const packetTypes: Readonly<Record<string, PacketType>> = {
  vide: 'video',
  soun: 'audio',
  sbtl: 'subtitle',
  subt: 'subtitle',
  subp: 'subtitle',
  text: 'subtitle',
  clcp: 'subtitle',
};

/** Finds the index of a file. @returns undefined where it has none. @throws DnnError EIO */
export function movieBox(file: Uint8Array): Uint8Array | undefined {
  const movie = boxesIn(file).find(({ type }) => type === 'moov');
  return movie && file.subarray(movie.start, movie.end);
}

/**
 * @param bytes of a whole `moov` box.
 * @throws DnnError EIO with the offset where it is damaged.
 */
export function readMovieTemplate(bytes: Uint8Array): MovieTemplate {
  const boxes = boxesIn(bytes, boxesIn(bytes)[0]?.body ?? 0);
  const tracks = boxes.filter(({ type }) => type === 'trak');
  const chapters = new Set(tracks.flatMap((track) => chapterTracks(bytes, track)));
  return {
    bytes,
    timeScale: timeScaleOf(bytes, boxNamed(boxes, 'mvhd')),
    tracks: tracks.map((track) => readTrack(bytes, track, chapters)),
  };
}

/**
 * Where the words of `mvhd`, `mdhd` and `tkhd` begin behind the two times, which have 32 or 64 bits.
 * @throws DnnError EIO where the box ends before.
 */
export function wordsBehindTimes(bytes: Uint8Array, box: Box): { at: number; isLong: boolean } {
  const isLong = bytes[box.body] === 1;
  const at = box.body + (isLong ? 20 : 12);
  need(box, at + (isLong ? 16 : 12));
  return { at, isLong };
}

function timeScaleOf(bytes: Uint8Array, box: Box): number {
  const timeScale = word(bytes, wordsBehindTimes(bytes, box).at);
  if (timeScale === 0)
    throw new DnnError('EIO', `The index has no time scale at byte ${box.start}.`, { offset: box.start });
  return timeScale;
}

function readTrack(bytes: Uint8Array, box: Box, chapters: ReadonlySet<number>): TrackTemplate {
  const media = boxesIn(bytes, boxNamed(boxesIn(bytes, box.body, box.end), 'mdia').body, box.end);
  const handler = boxNamed(media, 'hdlr');
  need(handler, handler.body + 12);
  const info = boxNamed(media, 'minf');
  const table = boxNamed(boxesIn(bytes, info.body, info.end), 'stbl');
  const tables = boxesIn(bytes, table.body, table.end);
  const descriptions = boxNamed(tables, 'stsd');
  need(descriptions, descriptions.body + 16);
  const format = letters(bytes, descriptions.body + 12);
  const kind = letters(bytes, handler.body + 8);
  const timeScale = timeScaleOf(bytes, boxNamed(media, 'mdhd'));
  const own = readTemplateSamples(bytes, boxNamed(tables, 'stts'), boxNamed(tables, 'stsz'), timeScale);
  return {
    type: packetTypes[kind] ?? 'data',
    timeScale,
    format,
    nal: nalFormatOf(format, bytes.subarray(descriptions.body + 8, descriptions.end)),
    ...own,
    rawSampleSize: kind === 'soun' ? own.rawSampleSize : 0,
    editStart: editStartOf(bytes, box),
    isMuxersOwn: kind === 'tmcd' || format === 'tmcd' || chapters.has(trackId(bytes, box)),
    box,
  };
}

function editStartOf(bytes: Uint8Array, track: Box): EditStart | undefined {
  const edits = boxesIn(bytes, track.body, track.end).find(({ type }) => type === 'edts');
  const list = edits && boxesIn(bytes, edits.body, edits.end).find(({ type }) => type === 'elst');
  return list && readEditStart(bytes.subarray(list.start, list.end));
}

function trackId(bytes: Uint8Array, track: Box): number {
  const header = boxNamed(boxesIn(bytes, track.body, track.end), 'tkhd');
  return word(bytes, wordsBehindTimes(bytes, header).at);
}

/** Numbers of the tracks that hold a track's chapters. */
function chapterTracks(bytes: Uint8Array, track: Box): number[] {
  const references = boxesIn(bytes, track.body, track.end).find(({ type }) => type === 'tref');
  if (references === undefined) return [];
  return boxesIn(bytes, references.body, references.end)
    .filter(({ type }) => type === 'chap')
    .flatMap(({ body, end }) =>
      Array.from({ length: Math.floor((end - body) / 4) }, (_, index) => word(bytes, body + 4 * index)),
    );
}

function word(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at);
}

function letters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** @throws DnnError EIO where a box ends before a position. */
function need(box: Box, end: number): void {
  if (end <= box.end) return;
  const message = `The ${box.type} box at byte ${box.start} of the index is too short.`;
  throw new DnnError('EIO', message, { offset: box.start });
}
