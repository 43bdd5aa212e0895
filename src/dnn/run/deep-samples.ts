/**
 * Samples of 10 to 16 bits as float values and back. FFmpeg's DNN filters take 8 bits; here a network
 * sees the same 0..1 whatever the depth.
 */
import type { Frame } from '../../frame/frame.ts';
import { pixelFormatDescriptor, type PixelFormat } from '../../frame/pixel-format.ts';

/** Planes of gbrp in the order of a model's channels: red, green, blue. */
const planesOfRgb = [2, 0, 1];

/** One plane's part of a tensor: its values lie `step` apart, from `first` on. */
interface SampleRun {
  readonly samples: Uint16Array;
  readonly first: number;
  readonly step: number;
}

/** The largest sample of a format of 10 to 16 bits: 2^depth - 1. */
export function largestSample(format: PixelFormat): number {
  return 2 ** pixelFormatDescriptor(format).depth - 1;
}

/**
 * Writes what goes through a model of a deep frame into `target` from index `offset` on: `height x width x
 * channels` values of sample / (2^depth - 1), rounded to float32. rgb48 and gbrp give R, G, B; of YUV only
 * luma is read. Both stay the caller's; sizes are not checked.
 */
export function readDeepSamples(frame: Frame, target: Float32Array, offset: number): void {
  const largest = largestSample(frame.format);
  for (const { samples, first, step } of sampleRuns(frame)) {
    let at = offset + first;
    for (const sample of samples) {
      target[at] = sample / largest;
      at += step;
    }
  }
}

/**
 * The way back: 2^depth - 1 times the value in float32, rounded to the nearest integer, ties to even, clipped
 * to 0 … 2^depth - 1; NaN gives 0. Chroma is not touched.
 */
export function writeDeepSamples(source: Float32Array, offset: number, frame: Frame): void {
  const largest = largestSample(frame.format);
  for (const { samples, first, step } of sampleRuns(frame)) {
    let at = offset + first;
    for (let i = 0; i < samples.length; i++) {
      samples[i] = roundedSample(Math.fround(largest * source[at]!), largest);
      at += step;
    }
  }
}

/** @returns 0 for NaN. */
function roundedSample(value: number, largest: number): number {
  if (!(value > 0)) return 0;
  if (value >= largest) return largest;
  const whole = Math.floor(value);
  const rest = value - whole;
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
}

function sampleRuns({ format, data }: Frame): readonly SampleRun[] {
  const { isRgb, pixelStep } = pixelFormatDescriptor(format);
  if (!isRgb || pixelStep.length === 1) return [{ samples: samplesOf(data[0]!), first: 0, step: 1 }];
  return planesOfRgb.map((plane, channel) => ({
    samples: samplesOf(data[plane]!),
    first: channel,
    step: planesOfRgb.length,
  }));
}

/** Planes of these formats start at even bytes of their buffer. */
function samplesOf(plane: Uint8Array): Uint16Array {
  return new Uint16Array(plane.buffer, plane.byteOffset, plane.length / 2);
}
