/**
 * Finds the samples of an unfinished file again: what ffmpeg said of its packets, in the order in which
 * libavformat interleaves them, laid over where its writes ended.
 */
import { DnnError } from '../../base/errors.ts';
import type { ByteWindow } from './byte-window.ts';
import type { MediaSample } from './media-sample.ts';
import type { TrackTemplate } from './movie-template.ts';
import type { MuxedPacket, PacketType } from './muxed-packet.ts';
import { PacketQueue } from './packet-queue.ts';
import { SampleFinder } from './sample-finder.ts';
import { WriteEnds } from './write-ends.ts';

/** What is known of an unfinished file besides its bytes. */
export interface MuxingRecord {
  /** All packets that ffmpeg gave to a muxer, in their order. */
  readonly packets: readonly MuxedPacket[];
  /** Where its writes to this file ended, ascending: every packet ends with one. */
  readonly writeEnds: readonly number[];
}

export interface PlacedSamples {
  /** By track of the template. */
  readonly samples: readonly (readonly MediaSample[])[];
  /** Where the last of them ends. */
  readonly end: number;
}

/** A length of 16 bits. */
const emptyTextSize = 2;

/** Writes that belong to no packet, one behind the other, before the search is given up. */
const strayLimit = 64;

/**
 * @param start where the file's samples begin.
 * @param bytes of the file, to its end; a sample that is not whole is left out.
 * @throws DnnError EIO where tracks of one type cannot be told apart.
 */
export async function placeSamples(
  tracks: readonly TrackTemplate[],
  { packets, writeEnds }: MuxingRecord,
  start: number,
  bytes: ByteWindow,
): Promise<PlacedSamples> {
  const samples: MediaSample[][] = tracks.map(() => []);
  const ends = new WriteEnds(writeEnds);
  const finder = new SampleFinder(queuesOf(tracks, packets), ends, bytes);
  const texts = samples[tracks.findIndex(({ format }) => format === 'tx3g')];
  const isEmptyText = async (at: number): Promise<boolean> =>
    texts !== undefined && (await bytes.at(at, emptyTextSize)).every((byte) => byte === 0);
  let end = start;
  let strays = 0;
  for (let at = start; at < bytes.size && strays < strayLimit;) {
    let found = await finder.next(at);
    if (found === undefined && (await isEmptyText(at))) {
      const behind = at + emptyTextSize;
      found = await finder.next(behind);
      if (found !== undefined || ends.has(behind)) {
        texts!.push(emptyText(texts!.at(-1), at));
        at = end = behind;
      }
    }
    found ??= await finder.further(at);
    if (found === undefined) {
      // The muxer's own: chapters.
      const next = ends.after(at);
      if (next === undefined) break;
      at = next;
      strays += 1;
      continue;
    }
    const { queue, packet, sample } = found;
    queue.take(packet);
    samples[queue.track]!.push(sample);
    at = end = sample.offset + sample.size;
    strays = 0;
  }
  return { samples, end };
}

/**
 * Where no subtitle is shown, libavformat/movenc.c writes an empty text, of which ffmpeg says nothing
 * (mov_write_subtitle_end_packet).
 */
function emptyText(before: MediaSample | undefined, offset: number): MediaSample {
  const dts = before === undefined ? 0 : before.dts + before.duration;
  return { offset, size: emptyTextSize, dts, pts: dts, duration: 0, isSync: true };
}

function queuesOf(tracks: readonly TrackTemplate[], packets: readonly MuxedPacket[]): PacketQueue[] {
  const byType = new Map<PacketType, number>();
  tracks.forEach(({ type, isMuxersOwn }, index) => {
    if (isMuxersOwn) return;
    if (byType.has(type)) {
      const message = `It has more than one ${type} track, whose packets cannot be told apart.`;
      throw new DnnError('EIO', message, { type });
    }
    byType.set(type, index);
  });
  return [...byType].map(
    ([type, track]) =>
      new PacketQueue(
        track,
        tracks[track]!,
        packets.filter((packet) => packet.type === type),
      ),
  );
}
