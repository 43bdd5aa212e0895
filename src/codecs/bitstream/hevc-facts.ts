/** What H.265's headers say (Rec. ITU-T H.265, 7.3 and 7.4). */
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import type { BitstreamFacts } from './bitstream-facts.ts';
import { readHvcC } from './configuration-record.ts';
import { type HevcSps, readHevcSps } from './hevc-sps.ts';
import type { NalUnit } from './nal-units.ts';
import { readNalStream } from './nal-stream.ts';
import type { NalSyntax } from './parameter-sets.ts';

/** nal_unit_type, table 7-1. */
const typeOf = ({ bytes }: NalUnit): number => (bytes[0]! >> 1) & 63;
const LAST_SLICE = 31;
const FIRST_IRAP = 16;
const LAST_IRAP = 23;
const IDR_W_RADL = 19;
const IDR_N_LP = 20;
const SPS = 33;
const PPS = 34;

const syntax: NalSyntax<HevcSps> = {
  codec: 'H.265',
  headerBytes: 2,
  kindOf(unit) {
    const layer = 32 * (unit.bytes[0]! & 1) + ((unit.bytes[1] ?? 0) >> 3);
    const type = typeOf(unit);
    if (layer > 0) return 'other';
    if (type === SPS) return 'sps';
    if (type === PPS) return 'pps';
    return type <= LAST_SLICE ? 'slice' : 'other';
  },
  readSps: readHevcSps,
  readSlicePpsId(bits, unit) {
    const type = typeOf(unit);
    bits.bit(); // first_slice_segment_in_pic_flag
    if (type >= FIRST_IRAP && type <= LAST_IRAP) bits.bit(); // no_output_of_prior_pics_flag
    return bits.ue();
  },
};

/** @throws DnnError `EINVAL` for damaged headers. */
export function hevcFacts(stream: EncodedStream, first: EncodedPacket): BitstreamFacts {
  const { sps, slice, isComplete, description } = readNalStream(syntax, readHvcC, stream, first);
  const type = slice && typeOf(slice);
  return {
    ...sps.picture,
    // hev1: parameter sets may be among the packets.
    codecString: `${description ? 'hvc1' : 'hev1'}.${sps.profile}`,
    isRandomAccess: isComplete && (type === IDR_W_RADL || type === IDR_N_LP),
    ...(description && { description }),
  };
}
