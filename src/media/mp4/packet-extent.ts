/** How many bytes of the file a packet takes, and what its content says of the sample. */
import type { ByteWindow } from './byte-window.ts';
import type { MediaSample } from './media-sample.ts';
import type { TrackTemplate } from './movie-template.ts';
import type { MuxedPacket } from './muxed-packet.ts';
import { isSyncUnit, type NalFormat } from './nal-format.ts';
import { isSyncPicture, syncPrefix } from './sync-picture.ts';

export type PacketExtent = Pick<MediaSample, 'size' | 'isSync'>;

/** Bytes that the muxer takes off a packet of AAC: its header, without and with a checksum. */
const adtsHeaders = [7, 9];

/**
 * @param isEnd whether a packet may end at a position.
 * @returns undefined where the file does not hold this packet at `offset`, or not all of it.
 */
export async function measurePacket(
  { nal, format, type }: TrackTemplate,
  { size }: MuxedPacket,
  offset: number,
  bytes: ByteWindow,
  isEnd: (position: number) => boolean,
): Promise<PacketExtent | undefined> {
  const fits = (length: number): boolean =>
    length > 0 && offset + length <= bytes.size && isEnd(offset + length);
  if (nal !== undefined) {
    const extent = await measureUnits(nal, size, offset, bytes);
    return extent !== undefined && fits(extent.size) ? extent : undefined;
  }
  const lengths = format === 'mp4a' ? [size, ...adtsHeaders.map((header) => size - header)] : [size];
  const found = lengths.find(fits);
  if (found === undefined) return undefined;
  const isSync =
    type !== 'video' || isSyncPicture(format, await bytes.at(offset, Math.min(found, syncPrefix)));
  return { size: found, isSync };
}

/**
 * The units that take the place of a packet: an encoder's start codes of three or four bytes become lengths.
 */
async function measureUnits(
  nal: NalFormat,
  packetSize: number,
  offset: number,
  bytes: ByteWindow,
): Promise<PacketExtent | undefined> {
  const { lengthSize } = nal;
  let size = 0;
  let units = 0;
  let isSync = false;
  while (size < packetSize) {
    const head = await bytes.at(offset + size, lengthSize + 1);
    if (head.length <= lengthSize) return undefined;
    const length = head.subarray(0, lengthSize).reduce((value, byte) => value * 256 + byte, 0);
    if (length === 0) return undefined;
    isSync ||= isSyncUnit(nal, head[lengthSize]!);
    size += lengthSize + length;
    units += 1;
  }
  return size - packetSize <= units ? { size, isSync } : undefined;
}
