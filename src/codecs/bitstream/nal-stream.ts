/** How the NAL units of an H.264 or H.265 stream are packed, and what its first picture refers to. */
import { DnnError } from '../../base/errors.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import type { ConfigurationRecord } from './configuration-record.ts';
import { hasStartCode, lengthPrefixedUnits, startCodeUnits } from './nal-units.ts';
import { findFirstPicture, type FirstPicture, type NalSyntax } from './parameter-sets.ts';

/** The first byte of avcC and hvcC. */
const RECORD_VERSION = 1;

export interface NalStream<Sps> extends Omit<FirstPicture<Sps>, 'sources'> {
  /** Whether a decoder that gets `description` has all that the first picture refers to. */
  readonly isComplete: boolean;
  /** The record, where packets have lengths in place of start codes. */
  readonly description?: ArrayBuffer;
}

/** @throws DnnError `EINVAL` for damaged units, or packets that are cut in a way that nothing tells. */
export function readNalStream<Sps>(
  syntax: NalSyntax<Sps>,
  readRecord: (bytes: Uint8Array) => ConfigurationRecord,
  { extradata = new ArrayBuffer() }: EncodedStream,
  { data }: EncodedPacket,
): NalStream<Sps> {
  const extra = new Uint8Array(extradata);
  const packet = new Uint8Array(data);
  if (extra[0] === RECORD_VERSION) {
    const { lengthSize, units } = readRecord(extra);
    const { sources, ...picture } = findFirstPicture(syntax, [
      { name: 'extradata', units },
      { name: 'packet', units: lengthPrefixedUnits(packet, lengthSize) },
    ]);
    return { ...picture, isComplete: sources !== undefined, description: extradata };
  }
  if (!hasStartCode(packet)) {
    const message = `${syntax.codec} packet, byte 0: no start code, and no extradata that tells of lengths`;
    throw new DnnError('EINVAL', message, { part: `${syntax.codec} packet`, offset: 0 });
  }
  const { sources, ...picture } = findFirstPicture(syntax, [
    { name: 'extradata', units: startCodeUnits(extra) },
    { name: 'packet', units: startCodeUnits(packet) },
  ]);
  // Such extradata does not reach a decoder.
  return { ...picture, isComplete: sources !== undefined && !sources.has('extradata') };
}
