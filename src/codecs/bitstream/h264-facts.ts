/** What H.264's headers say (Rec. ITU-T H.264, 7.3 and 7.4; codec strings: RFC 6381, 3.3). */
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import type { BitstreamFacts } from './bitstream-facts.ts';
import { readAvcC } from './configuration-record.ts';
import { type H264Sps, readH264Sps } from './h264-sps.ts';
import type { NalUnit } from './nal-units.ts';
import { readNalStream } from './nal-stream.ts';
import type { NalSyntax } from './parameter-sets.ts';

/** nal_unit_type, table 7-1. */
const typeOf = ({ bytes }: NalUnit): number => bytes[0]! & 31;
const IDR = 5;
const SPS = 7;
const PPS = 8;

const syntax: NalSyntax<H264Sps> = {
  codec: 'H.264',
  headerBytes: 1,
  kindOf(unit) {
    const type = typeOf(unit);
    if (type === SPS) return 'sps';
    if (type === PPS) return 'pps';
    return type >= 1 && type <= IDR ? 'slice' : 'other';
  },
  readSps: readH264Sps,
  readSlicePpsId(bits) {
    bits.ue(); // first_mb_in_slice
    bits.ue(); // slice_type
    return bits.ue();
  },
};

/** @throws DnnError `EINVAL` for damaged headers. */
export function h264Facts(stream: EncodedStream, first: EncodedPacket): BitstreamFacts {
  const { sps, slice, isComplete, description } = readNalStream(syntax, readAvcC, stream, first);
  return {
    ...sps.picture,
    codecString: `avc1.${sps.profile.toString(16).padStart(6, '0')}`,
    isRandomAccess: isComplete && slice !== undefined && typeOf(slice) === IDR,
    ...(description && { description }),
  };
}
