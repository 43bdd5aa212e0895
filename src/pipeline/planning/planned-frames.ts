/** What is known of frames before they flow, by the first of them in the planning run. */
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';

/** Colours that frames have to have once ffmpeg has made YUV of what a DNN filter gives; ffmpeg's names. */
export interface ColorsBehind {
  /** `pc` is converted to; `unknown` takes the tag of limited range away that the conversion writes. */
  readonly colorRange?: 'pc' | 'unknown';
  readonly colorSpace?: string;
  readonly colorPrimaries?: string;
  readonly colorTrc?: string;
}

/** The frames entering one DNN filter, by their first one. */
export interface PlannedFrames {
  readonly pixelFormat: PixelFormat;
  /** Set where ffmpeg's name of the format is that of full range: `yuvj420p` for yuv420p. */
  readonly isYuvj?: true;
  readonly width: number;
  readonly height: number;
  /** 0/1 where unknown. */
  readonly sampleAspectRatio: Rational;
  /** Seconds per unit of pts. */
  readonly timeBase: Rational;
  /** Frames per second; undefined where it varies or is unknown. */
  readonly frameRate?: Rational;
  /** pts of the first frame, in units of the time base. */
  readonly firstPts: number;
  /**
   * Adler-32 of the first frame's tightly packed planes, from 0 (libavfilter/vf_showinfo.c); absent where
   * nobody compares it.
   */
  readonly checksum?: number;
  /** ffmpeg's names; undefined where unknown. */
  readonly colorRange?: string;
  readonly colorSpace?: string;
  readonly colorPrimaries?: string;
  readonly colorTrc?: string;
  readonly fieldOrder: 'prog' | 'tff' | 'bff';
  /** Filters in front of all others of the chain, by which HDR becomes SDR; absent for SDR. */
  readonly toneMap?: string;
  /** Absent where ffmpeg's own conversion behind the last DNN filter does. */
  readonly behind?: ColorsBehind;
}
