/** What an encoded stream is, by its headers and its first packet, whatever its codec. */
import { DnnError } from '../../base/errors.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import type { CodecName } from '../codec-contract.ts';
import { av1Facts } from './av1-facts.ts';
import type { BitstreamFacts } from './bitstream-facts.ts';
import { h264Facts } from './h264-facts.ts';
import { hevcFacts } from './hevc-facts.ts';
import { vp8Facts } from './vp8-facts.ts';
import { vp9Facts } from './vp9-facts.ts';

export interface StreamFacts extends BitstreamFacts {
  readonly codec: CodecName;
}

/** Tags that FFmpeg writes into NUT (libavformat/riff.c, isom_tags.c), in lower case. */
const codecOfTag: Readonly<Record<string, CodecName>> = {
  avc1: 'h264',
  avc3: 'h264',
  h264: 'h264',
  x264: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
  hevc: 'hevc',
  vp80: 'vp8',
  vp90: 'vp9',
  vp09: 'vp9',
  av01: 'av1',
};

const readers: Readonly<Record<CodecName, (stream: EncodedStream, first: EncodedPacket) => BitstreamFacts>> =
  {
    h264: h264Facts,
    hevc: hevcFacts,
    vp8: vp8Facts,
    vp9: vp9Facts,
    av1: av1Facts,
  };

/**
 * Reads the headers in front of the first picture.
 *
 * @param first the first packet that is to be decoded.
 * @throws DnnError `EINVAL` for damaged headers, with `part` and byte `offset` in its details; `ENOSYS` for a
 *   codec that browsers do not have.
 */
export function readStreamFacts(stream: EncodedStream, first: EncodedPacket): StreamFacts {
  const codec = codecOfTag[stream.tag.toLowerCase()];
  if (codec === undefined) {
    const message = `video of tag ${JSON.stringify(stream.tag)} is of no codec that browsers decode`;
    throw new DnnError('ENOSYS', message, { tag: stream.tag });
  }
  return { codec, ...readers[codec](stream, first) };
}
