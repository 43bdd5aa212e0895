/** What the headers of an encoded stream say. */
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';
import type { CodecColors } from '../codec-contract.ts';

/** Pixels of the coded picture that are not shown. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What the pictures are. */
export interface PictureFacts {
  /** The planes that FFmpeg's decoder gives; undefined where they are none of this project's formats. */
  readonly pixelFormat: PixelFormat | undefined;
  /** What is shown, in luma samples. */
  readonly width: number;
  readonly height: number;
  readonly crop: Crop;
  /** By the bitstream alone; undefined where it does not say. */
  readonly sampleAspectRatio: Rational | undefined;
  /**
   * As FFmpeg's decoder tags its frames by the bitstream; given for codecs alone that stock ffmpeg.wasm does
   * not decode, so that nobody else says it.
   */
  readonly colors?: CodecColors;
}

/** What the headers of a codec say. */
export interface BitstreamFacts extends PictureFacts {
  /** WebCodecs' codec string: `avc1.64001f`. */
  readonly codecString: string;
  /** Whether any decoder can start at the packet: at an IDR picture or key frame with all its headers. */
  readonly isRandomAccess: boolean;
  /** What a decoder has to get beside the packets; absent where they hold all. */
  readonly description?: ArrayBuffer;
}

export const noCrop: Crop = { left: 0, top: 0, right: 0, bottom: 0 };
