/** Profiles that encoders of browsers have, and WebCodecs' strings for them. */
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { CodecName } from '../codec-contract.ts';
import { av1Levels } from './av1-levels.ts';
import { h264Levels } from './h264-levels.ts';
import { hevcLevels } from './hevc-levels.ts';
import type { Level } from './level.ts';
import { vp9Levels } from './vp9-levels.ts';

/** One profile of a codec. */
export interface EncoderProfile {
  /** FFmpeg's words for it (`-profile:v`), the usual one first. */
  readonly names: readonly string[];
  /** Of the frames that it encodes. */
  readonly pixelFormats: readonly PixelFormat[];
  /** The codec string (WebCodecs Codec Registry) at a level. */
  readonly codecString: (level: number) => string;
}

/** What there is to choose for a codec. */
export interface EncoderCodec {
  /** Best first. */
  readonly profiles: readonly EncoderProfile[];
  /** Undefined for a codec without levels. */
  readonly levels: readonly Level[] | undefined;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

function h264(names: readonly string[], profileAndConstraints: string): EncoderProfile {
  const codecString = (level: number): string =>
    `avc1.${profileAndConstraints}${level.toString(16).padStart(2, '0')}`;
  return { names, pixelFormats: ['yuv420p', 'nv12'], codecString };
}

/** @param subsampling the string's field for it, which is 4:2:0 where it is left out. */
function vp9(
  profile: number,
  bits: number,
  pixelFormats: readonly PixelFormat[],
  subsampling?: string,
): EncoderProfile {
  const codecString = (level: number): string =>
    ['vp09', twoDigits(profile), level, twoDigits(bits), subsampling ?? []].flat().join('.');
  return { names: [String(profile)], pixelFormats, codecString };
}

function av1(
  names: readonly string[],
  profile: number,
  bits: number,
  pixelFormats: readonly PixelFormat[],
): EncoderProfile {
  const codecString = (level: number): string => `av01.${profile}.${twoDigits(level)}M.${twoDigits(bits)}`;
  return { names, pixelFormats, codecString };
}

function hevc(name: string, start: string, pixelFormats: readonly PixelFormat[]): EncoderProfile {
  return { names: [name], pixelFormats, codecString: (level) => `hvc1.${start}.L${level}.B0` };
}

/** By FFmpeg's names of the codecs. */
export const encoderCodecs: Readonly<Record<CodecName, EncoderCodec>> = {
  h264: {
    profiles: [
      h264(['high'], '6400'),
      h264(['main'], '4d00'),
      h264(['baseline', 'constrained_baseline'], '42e0'),
    ],
    levels: h264Levels,
  },
  hevc: {
    profiles: [hevc('main', '1.6', ['yuv420p', 'nv12']), hevc('main10', '2.4', ['yuv420p10le'])],
    levels: hevcLevels,
  },
  vp8: {
    profiles: [{ names: ['0'], pixelFormats: ['yuv420p', 'nv12'], codecString: () => 'vp8' }],
    levels: undefined,
  },
  vp9: {
    profiles: [
      vp9(0, 8, ['yuv420p', 'nv12']),
      vp9(1, 8, ['yuv444p'], '03'),
      vp9(1, 8, ['yuv422p'], '02'),
      vp9(2, 10, ['yuv420p10le']),
      vp9(3, 10, ['yuv444p10le'], '03'),
      vp9(3, 10, ['yuv422p10le'], '02'),
    ],
    levels: vp9Levels,
  },
  av1: {
    profiles: [
      av1(['main', '0'], 0, 8, ['yuv420p', 'nv12']),
      av1(['main', '0'], 0, 10, ['yuv420p10le']),
      av1(['high', '1'], 1, 8, ['yuv444p']),
      av1(['high', '1'], 1, 10, ['yuv444p10le']),
    ],
    levels: av1Levels,
  },
};
