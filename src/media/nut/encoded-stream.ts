/**
 * What is known of a stream of encoded video before its first packet: FFmpeg's AVCodecParameters, as far as
 * codecs need it.
 */
import type { Rational } from './nut-stream.ts';

export interface EncodedStream {
  /** The codec's tag of four characters: `avc1`, `H264`, `VP90`. */
  readonly tag: string;
  /** What decoders get beside the packets, avcC and the like; absent where the packets hold all. */
  readonly extradata?: ArrayBuffer;
  /** Luma size in pixels. */
  readonly width: number;
  readonly height: number;
  /** 0/1 if unknown. */
  readonly sampleAspectRatio: Rational;
  /** Seconds of one unit of pts. */
  readonly timeBase: Rational;
  /** Frames per second by the writer's word; absent if unknown. */
  readonly frameRate?: Rational;
  /** Frames that a decoder holds before it gives the first: 0 where packets come in order of presentation. */
  readonly decodeDelay: number;
}
