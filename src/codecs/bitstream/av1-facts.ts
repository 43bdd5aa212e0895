/**
 * What AV1's headers say (AV1 Bitstream & Decoding Process Specification, 5.5 and 5.9; av1C and codec
 * strings: AV1 Codec ISO Media File Format Binding, 2.3 and 5).
 */
import { DnnError } from '../../base/errors.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import { type Av1SequenceHeader, readAv1SequenceHeader } from './av1-sequence-header.ts';
import { type Av1Unit, av1Units, obuTypes } from './av1-units.ts';
import { BitReader } from './bit-reader.ts';
import { type BitstreamFacts, noCrop } from './bitstream-facts.ts';
import { colorNames } from './color-names.ts';
import { withGreyChroma, yuvFormat } from './yuv-format.ts';

/** The first byte of av1C: marker and version. */
const RECORD = 0x81;
const RECORD_HEADER = 4;
/** frame_type. */
const KEY_FRAME = 0;

/** @throws DnnError `EINVAL` for damaged units, or where there is no sequence header. */
export function av1Facts({ extradata }: EncodedStream, { data }: EncodedPacket): BitstreamFacts {
  const inPacket = readUnits(av1Units(new Uint8Array(data), 'AV1 packet'));
  const record = new Uint8Array(extradata ?? new ArrayBuffer());
  const inRecord =
    record[0] === RECORD ? readUnits(av1Units(record, 'av1C', RECORD_HEADER)) : { frame: undefined };
  const sequence = inPacket.sequence ?? inRecord.sequence;
  if (sequence === undefined) {
    const message = 'AV1: neither the first packet nor the extradata has a sequence header';
    throw new DnnError('EINVAL', message, { part: 'AV1 packet', offset: 0 });
  }
  const { width, height, samples, colors } = sequence;
  return {
    codecString: codecString(sequence),
    // FFmpeg gives grey alone, browsers give three planes; the core has no decoder of AV1.
    pixelFormat: yuvFormat(withGreyChroma(samples)),
    width,
    height,
    crop: noCrop,
    sampleAspectRatio: undefined,
    colors: colorNames(colors),
    isRandomAccess: inPacket.frame !== undefined && isKeyFrame(sequence, inPacket.frame),
    ...(inPacket.sequence === undefined && { description: extradata! }),
  };
}

/** The sequence header and the first frame, if there are. */
function readUnits(units: Iterable<Av1Unit>): { sequence?: Av1SequenceHeader; frame: Av1Unit | undefined } {
  let sequence: Av1SequenceHeader | undefined;
  for (const unit of units) {
    const { type, bytes, offset } = unit;
    if (type === obuTypes.SEQUENCE_HEADER) {
      sequence = readAv1SequenceHeader(new BitReader(bytes, { part: 'AV1 sequence header', offset }));
    } else if (type === obuTypes.FRAME || type === obuTypes.FRAME_HEADER) {
      return { ...(sequence && { sequence }), frame: unit };
    }
  }
  return { ...(sequence && { sequence }), frame: undefined };
}

/** The beginning of uncompressed_header, 5.9.2. */
function isKeyFrame({ isStillPicture }: Av1SequenceHeader, { bytes, offset }: Av1Unit): boolean {
  if (isStillPicture) return true;
  const bits = new BitReader(bytes, { part: 'AV1 frame header', offset });
  const showsExistingFrame = bits.flag();
  return !showsExistingFrame && bits.bits(2) === KEY_FRAME;
}

function codecString({ profile, level, isHighTier, samples }: Av1SequenceHeader): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `av01.${profile}.${two(level)}${isHighTier ? 'H' : 'M'}.${two(samples.lumaBits)}`;
}
