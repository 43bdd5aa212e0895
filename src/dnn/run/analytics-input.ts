/**
 * Frames as tensors for detection and classification
 * (libavfilter/dnn/dnn_io_proc.c · ff_frame_to_dnn_detect).
 */
import type { Frame } from '../../frame/frame.ts';
import { packedRgbConverter } from '../../frame/packed-rgb/packed-rgb.ts';
import type { PackedRgbConverter } from '../../frame/packed-rgb/packed-rgb-converter.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { AnalyticsInput } from '../contract/analytics-spec.ts';

/** A converter with what it was made for. */
interface Conversion {
  readonly format: PixelFormat;
  readonly srcWidth: number;
  readonly srcHeight: number;
  readonly width: number;
  readonly height: number;
  readonly order: 'rgb' | 'bgr';
  readonly converter: PackedRgbConverter;
}

/** `(byte - mean) / scale` of each byte. */
interface Levels {
  readonly mean: number;
  readonly scale: number;
  readonly values: Float32Array;
}

/**
 * How many geometries are kept: whole frames come in one, the boxes that a classifying model gets in many.
 */
const keptConversions = 8;
/** The latest first. */
const conversions: Conversion[] = [];
let levels: Levels = { mean: 0, scale: 1, values: levelValues(0, 1) };
/** Packed pixels of the frame that is being converted; as large as the largest tensor so far. */
let packed = new Uint8Array(0);

/**
 * Writes a frame of any size and format into `target` from `offset` on: `height x width x channels` values
 * `(byte - mean) / scale`, computed in float32, of the frame scaled to the tensor's size by
 * {@link packedRgbConverter}. Three channels are packed RGB or BGR by `order`, as FFmpeg has them. One
 * channel, which FFmpeg does not feed from a picture, is luma 0..255 of the packed pixels: 0.299 R + 0.587
 * G + 0.114 B, rounded to the nearest integer.
 *
 * Keeps the converters of the last few geometries and one picture of the tensor's size.
 * Reads `frame`, keeps no hold of it.
 *
 * @param input positive width and height; `scale` is not 0.
 * @param target has room for the tensor; the caller's.
 */
export function fillAnalyticsInput(
  frame: Frame,
  input: AnalyticsInput,
  target: Float32Array,
  offset: number,
): void {
  const { width, height, channels, mean, scale } = input;
  const pixels = width * height;
  if (packed.length < 3 * pixels) packed = new Uint8Array(3 * pixels);
  if (levels.mean !== mean || levels.scale !== scale) {
    levels = { mean, scale, values: levelValues(mean, scale) };
  }
  const order = channels === 1 ? 'rgb' : input.order;
  conversionOf(frame, width, height, order).converter.convert(frame, packed);
  if (channels === 1) grayLevels(packed, pixels, levels.values, target, offset);
  else rgbLevels(packed, 3 * pixels, levels.values, target, offset);
}

function conversionOf(frame: Frame, width: number, height: number, order: 'rgb' | 'bgr'): Conversion {
  const { format, width: srcWidth, height: srcHeight } = frame;
  const at = conversions.findIndex(
    (kept) =>
      kept.format === format &&
      kept.srcWidth === srcWidth &&
      kept.srcHeight === srcHeight &&
      kept.width === width &&
      kept.height === height &&
      kept.order === order,
  );
  if (at === 0) return conversions[0]!;
  const src = { width: srcWidth, height: srcHeight };
  const conversion =
    at > 0
      ? conversions.splice(at, 1)[0]!
      : {
          ...{ format, srcWidth, srcHeight, width, height, order },
          converter: packedRgbConverter(format, src, { width, height }, order),
        };
  conversions.unshift(conversion);
  conversions.length = Math.min(conversions.length, keptConversions);
  return conversion;
}

function levelValues(mean: number, scale: number): Float32Array {
  const [mean32, scale32] = [Math.fround(mean), Math.fround(scale)];
  return Float32Array.from({ length: 256 }, (_, byte) => Math.fround(byte - mean32) / scale32);
}

function rgbLevels(
  bytes: Uint8Array,
  count: number,
  values: Float32Array,
  target: Float32Array,
  offset: number,
): void {
  for (let i = 0; i < count; i++) target[offset + i] = values[bytes[i]!]!;
}

function grayLevels(
  bytes: Uint8Array,
  pixels: number,
  values: Float32Array,
  target: Float32Array,
  offset: number,
): void {
  for (let i = 0, at = 0; i < pixels; i++, at += 3) {
    const thousandths = 299 * bytes[at]! + 587 * bytes[at + 1]! + 114 * bytes[at + 2]!;
    target[offset + i] = values[Math.floor((thousandths + 500) / 1000)]!;
  }
}
