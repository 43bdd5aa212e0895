/**
 * How many bits an encoder of the browser is to spend: `-b:v`, `-bits_per_pixel`, `-maxrate`, `-qp`, `-crf`.
 * Pure.
 */
import { parseOptionNumber } from '../../../base/option-table-values.ts';
import type { CodecName, RateControl } from '../../../codecs/codec-contract.ts';
import { quantizerOfCrf, type QualityCodec } from '../../../codecs/parameters/crf-quantizers.ts';
import type { CommandOption, FileGroup } from '../command.ts';
import { encoderName, refused } from './encoder-option.ts';
import { videoOption } from './encoder-words.ts';

/** What the default rate depends on. */
export interface EncodedPicture {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** Bits per pixel where the user asks for none: what x264 spends at about crf 20, and likewise. */
const defaultBits: Readonly<Record<CodecName, number>> = {
  h264: 0.1,
  hevc: 0.1,
  vp8: 0.1,
  vp9: 0.07,
  av1: 0.07,
};

/** Codecs that WebCodecs encodes at a constant quality. */
export const hasQuality = (codec: CodecName): codec is QualityCodec => codec === 'vp9' || codec === 'av1';

/** The worst quantiser of vp9 and av1, and the highest `-crf` of their encoders in ffmpeg. */
const mostQuantizer = 63;

/** @throws DnnError `EINVAL` for words that this codec does not have, or that contradict each other. */
export function encoderRate(output: FileGroup, codec: CodecName): (picture: EncodedPicture) => RateControl {
  const quality = qualityOf(output, codec);
  const bits = bitsOf(output, 'b');
  const perPixel = bitsPerPixelOf(output);
  const isAsked = bits !== undefined && bits.value > 0;
  const [one, other] = [quality, perPixel, isAsked ? bits : undefined].filter((each) => each !== undefined);
  if (one !== undefined && other !== undefined) {
    const words = `${one.option.words.join(' ')} and ${other.option.words.join(' ')}`;
    throw refused(one.option, `${words} contradict each other: write one of them`);
  }
  const most = bitsOf(output, 'maxrate');
  if (quality !== undefined) {
    if (most === undefined) return () => ({ kind: 'quantizer', quantizer: quality.quantizer });
    const [crf, limit] = [quality.option.words.join(' '), most.option.words.join(' ')];
    throw refused(
      most.option,
      `${crf} has no limit in browsers: leave ${limit} out, or write -b:v in place of ${crf}`,
    );
  }
  const least = bitsOf(output, 'minrate');
  const asked = isAsked ? bits.value : undefined;
  if (most !== undefined && asked !== undefined && most.value < asked) {
    const words = `${most.option.words.join(' ')} is less than ${bits!.option.words.join(' ')}`;
    throw refused(most.option, `${words}: write a limit of at least the rate itself`);
  }
  const isConstant = asked !== undefined && asked === most?.value && asked === (least?.value ?? asked);
  return ({ width, height, framesPerSecond }) => {
    const usualBits = perPixel?.value ?? defaultBits[codec];
    const usual = Math.min(width * height * framesPerSecond * usualBits, most?.value ?? Infinity);
    const bitsPerSecond = Math.max(1, Math.round(asked ?? usual));
    return { kind: 'bitrate', bitsPerSecond, ...(isConstant ? { isConstant } : {}) };
  };
}

interface WrittenNumber {
  readonly option: CommandOption;
  readonly value: number;
}

function bitsOf(output: FileGroup, name: string): WrittenNumber | undefined {
  const option = videoOption(output, name);
  if (option === undefined) return undefined;
  const value = parseOptionNumber(option.value);
  if (value !== undefined && value >= 0 && Number.isFinite(value)) return { option, value };
  throw refused(option, `${option.words.join(' ')}: write bits per second, such as 2M or 800k`);
}

function bitsPerPixelOf(output: FileGroup): WrittenNumber | undefined {
  const option = videoOption(output, 'bits_per_pixel');
  if (option === undefined) return undefined;
  const value = parseOptionNumber(option.value);
  if (value !== undefined && value > 0 && Number.isFinite(value)) return { option, value };
  throw refused(option, `${option.words.join(' ')}: write bits for a pixel, such as 0.1`);
}

/** What `-crf` or `-qp` asks for, whichever stands last. */
function qualityOf(
  output: FileGroup,
  codec: CodecName,
): { readonly option: CommandOption; readonly quantizer: number } | undefined {
  const option = videoOption(output, 'crf', 'qp');
  if (option === undefined) return undefined;
  const words = option.words.join(' ');
  if (!hasQuality(codec)) {
    throw refused(
      option,
      `${words}: ${encoderName(codec)} has no constant quality: write -b:v 2M, for example, or -c:v vp9_webcodecs ${words}`,
    );
  }
  const value = parseOptionNumber(option.value);
  if (value === undefined || value < 0 || value > mostQuantizer)
    throw refused(option, `${words}: write a number from 0, the best, to ${mostQuantizer}`);
  return { option, quantizer: option.name === 'qp' ? value : quantizerOfCrf(codec, value) };
}
