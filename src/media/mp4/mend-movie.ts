/** Gives an mp4 or mov file that has no index one, so that it plays as far as it was written. */
import { DnnError } from '../../base/errors.ts';
import { box, longWords, words } from './box-writer.ts';
import { ByteWindow, type ReadBytes } from './byte-window.ts';
import { type DataBox, readFileLayout } from './file-layout.ts';
import { timesInFile } from './file-times.ts';
import type { MediaSample } from './media-sample.ts';
import { type MovieTemplate, readMovieTemplate } from './movie-template.ts';
import { placeSamples, type MuxingRecord } from './place-samples.ts';
import { trackTimes } from './track-times.ts';
import { writeMovie } from './write-movie.ts';

/** The file; calls come one at a time. */
export interface MovieFile {
  read: ReadBytes;
  write: (offset: number, bytes: Uint8Array) => void | Promise<void>;
  truncate: (size: number) => void | Promise<void>;
  /** Brings to the file what was written. */
  rest: () => void | Promise<void>;
}

/** How much of a file plays. */
export interface MendedMovie {
  /** Pictures, or without video samples of the first track. */
  readonly frames: number;
  readonly seconds: number;
  /** Bytes of the file. */
  readonly size: number;
}

/** Room that a file system may take beside the bytes. */
const spareBytes = 4096;

/**
 * The file loses what stands behind the last whole sample. Where there is no space for the index, its last
 * samples make room.
 *
 * @param size bytes that the file has at most.
 * @param templateOf gives the `moov` box of a file with the same tracks; asked for only where it is needed.
 * @param isFull whether an error of `file` says that there is no space.
 * @returns undefined where the file needs nothing.
 * @throws DnnError EIO with the reason where it cannot be mended: it is as it was then.
 */
export async function mendMovie(
  file: MovieFile,
  size: number,
  record: MuxingRecord,
  templateOf: () => Promise<Uint8Array>,
  isFull: (error: unknown) => boolean,
): Promise<MendedMovie | undefined> {
  const read: ReadBytes = (offset, into) => file.read(offset, into);
  const existing = await existingSize(read, size);
  const { data, isIndexed } = await readFileLayout(read, existing);
  if (isIndexed) return undefined;
  if (data === undefined) throw new DnnError('EIO', 'Nothing was encoded yet.');
  const template = readMovieTemplate(await templateOf());
  const window = new ByteWindow(read, data.end);
  const placed = await placeSamples(template.tracks, record, data.body, window);
  for (let limit = placed.end; ;) {
    const samples = placed.samples.map((track) => track.filter((sample) => endOf(sample) <= limit));
    if (samples.every(({ length }) => length === 0)) throw new DnnError('EIO', 'No whole sample was found.');
    const end = Math.max(...samples.flatMap((track) => track.slice(-1).map(endOf)));
    const inFile = timesInFile(template, samples);
    const movie = writeMovie(template, inFile);
    try {
      await writeBack(file, data, end, movie);
      return { ...extentOf(template, inFile), size: end + movie.length };
    } catch (error) {
      if (!isFull(error)) throw error;
      // At least twice as much as before, so that it ends soon.
      limit = end - Math.max(movie.length + spareBytes, placed.end - limit);
    }
  }
}

const endOf = ({ offset, size }: MediaSample): number => offset + size;

async function writeBack(file: MovieFile, data: DataBox, end: number, movie: Uint8Array): Promise<void> {
  await file.truncate(end);
  await file.write(end, movie);
  const length = end - data.start;
  if (length < 2 ** 32) {
    await file.write(data.start, words([length]));
  } else if (data.body - data.start === 8) {
    if (!data.hasRoom) throw new DnnError('EIO', 'There is no room for the size of more than 4 GiB.');
    const header = box('mdat', words(longWords(length + 8)));
    header.set(words([1]));
    await file.write(data.start - 8, header);
  }
  await file.rest();
}

/** Bytes that a file really has: the last ones may have been lost. */
/** Bytes that a file really has. @param most that it may have. */
export async function existingSize(read: ReadBytes, most: number): Promise<number> {
  const byte = new Uint8Array(1);
  const has = async (size: number): Promise<boolean> => size === 0 || (await read(size - 1, byte)) === 1;
  if (await has(most)) return most;
  // It has `low` bytes, and not `high`.
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await has(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function extentOf(
  { tracks }: MovieTemplate,
  samples: readonly (readonly MediaSample[])[],
): Pick<MendedMovie, 'frames' | 'seconds'> {
  const video = tracks.findIndex(({ type }) => type === 'video');
  const ends = tracks.map(({ timeScale }, index) => trackTimes(samples[index]!).endPts / timeScale);
  return { frames: samples[Math.max(0, video)]?.length ?? 0, seconds: Math.max(0, ...ends) };
}
