/** What the header of a VP8 frame says (RFC 6386, 9.1). */
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import { BitReader } from './bit-reader.ts';
import { type BitstreamFacts, noCrop } from './bitstream-facts.ts';

/** Bytes that the frame tag and the start code take. */
const FRAME_TAG = 3;
const startCode = [0x9d, 0x01, 0x2a];
/** Size and scale share 16 bits. */
const SIZE_MASK = 0x3fff;

/** @throws DnnError `EINVAL` for a key frame with a damaged header. */
export function vp8Facts(stream: EncodedStream, first: EncodedPacket): BitstreamFacts {
  const bytes = new Uint8Array(first.data);
  const isKey = bytes.length > 0 && (bytes[0]! & 1) === 0;
  return {
    codecString: 'vp8',
    pixelFormat: 'yuv420p',
    ...(isKey ? readSize(bytes) : { width: stream.width, height: stream.height }),
    crop: noCrop,
    sampleAspectRatio: undefined,
    isRandomAccess: isKey,
  };
}

function readSize(bytes: Uint8Array): { width: number; height: number } {
  const bits = new BitReader(bytes, { part: 'VP8 frame header', offset: 0 });
  bits.skip(8 * FRAME_TAG);
  if (!startCode.every((byte) => bits.bits(8) === byte)) throw bits.invalid('no start code of a key frame');
  const littleEndian = (): number => bits.bits(8) + 256 * bits.bits(8);
  const width = littleEndian() & SIZE_MASK;
  const height = littleEndian() & SIZE_MASK;
  if (width === 0 || height === 0) throw bits.invalid(`a picture of ${width}x${height}`);
  return { width, height };
}
