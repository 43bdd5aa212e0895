/**
 * Frames as tensors for detection and classification
 * (libavfilter/dnn/dnn_io_proc.c · ff_frame_to_dnn_detect).
 */
import type { Frame } from '../../frame/frame.ts';
import { packedRgbConverter } from '../../frame/packed-rgb/packed-rgb.ts';
import type { PackedRgbConverter } from '../../frame/packed-rgb/packed-rgb-converter.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { AnalyticsInput, ChannelValues } from '../contract/analytics-spec.ts';
import { contentOf, type Content } from '../contract/letterbox.ts';

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

/** `(byte - mean) / scale` of each byte, of each channel by itself. */
interface Levels {
  readonly mean: ChannelValues;
  readonly scale: ChannelValues;
  readonly channels: readonly [Float32Array, Float32Array, Float32Array];
}

/**
 * How many geometries are kept: whole frames come in one, the boxes that a classifying model gets in many.
 */
const keptConversions = 8;
/** The latest first. */
const conversions: Conversion[] = [];
let levels: Levels = levelsOf(0, 1);
/** Packed pixels of the frame that is being converted; as large as the largest tensor so far. */
let packed = new Uint8Array(0);

/**
 * Writes a frame of any size and format into `target` from `offset` on: `height x width x channels` values
 * `(byte - mean) / scale`, computed in float32, of the frame scaled to the tensor's size by
 * {@link packedRgbConverter}, or with a letterbox to the part of it that {@link contentOf} says. Three
 * channels are packed RGB or BGR by `order`, as FFmpeg has them. One channel, which FFmpeg does not feed
 * from a picture, is luma 0..255 of the packed pixels: 0.299 R + 0.587 G + 0.114 B, rounded to the nearest
 * integer.
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
  const { width, height, channels, mean, scale, letterbox } = input;
  const content = contentOf(frame, input);
  const pixels = content.width * content.height;
  if (packed.length < 3 * pixels) packed = new Uint8Array(3 * pixels);
  if (!isSame(levels.mean, mean) || !isSame(levels.scale, scale)) levels = levelsOf(mean, scale);
  const order = channels === 1 ? 'rgb' : input.order;
  conversionOf(frame, content.width, content.height, order).converter.convert(frame, packed);
  const write = channels === 1 ? grayLevels : rgbLevels;
  if (content.width === width) {
    const from = offset + content.y * width * channels;
    write(packed, 0, pixels, levels, target, from);
  } else {
    for (let row = 0; row < content.height; row++) {
      const to = offset + ((content.y + row) * width + content.x) * channels;
      write(packed, row * content.width, content.width, levels, target, to);
    }
  }
  if (letterbox !== undefined) {
    fillBars(target.subarray(offset, offset + width * height * channels), input, content, letterbox.value);
  }
}

/** Everything around the content. @param tensor of one frame. */
function fillBars(
  tensor: Float32Array,
  { width, height, channels }: AnalyticsInput,
  content: Content,
  value: number,
): void {
  const bar = levels.channels.map((values) => values[value]!);
  const fill = (from: number, pixels: number): void => {
    for (let i = from * channels; i < (from + pixels) * channels; i++) tensor[i] = bar[i % channels]!;
  };
  const below = content.y + content.height;
  const right = content.x + content.width;
  fill(0, content.y * width);
  fill(below * width, (height - below) * width);
  for (let row = content.y; row < below && content.width < width; row++) {
    fill(row * width, content.x);
    fill(row * width + right, width - right);
  }
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

function isSame(one: ChannelValues, other: ChannelValues): boolean {
  return [0, 1, 2].every((channel) => ofChannel(one, channel) === ofChannel(other, channel));
}

function ofChannel(values: ChannelValues, channel: number): number {
  return typeof values === 'number' ? values : values[channel]!;
}

function levelsOf(mean: ChannelValues, scale: ChannelValues): Levels {
  const values = (channel: number): Float32Array => {
    const mean32 = Math.fround(ofChannel(mean, channel));
    const scale32 = Math.fround(ofChannel(scale, channel));
    return Float32Array.from({ length: 256 }, (_, byte) => Math.fround(byte - mean32) / scale32);
  };
  return { mean, scale, channels: [values(0), values(1), values(2)] };
}

/** Of `pixels` packed pixels from number `first` on. */
function rgbLevels(
  bytes: Uint8Array,
  first: number,
  pixels: number,
  { channels: [red, green, blue] }: Levels,
  target: Float32Array,
  offset: number,
): void {
  for (let at = 3 * first, to = offset; at < 3 * (first + pixels); at += 3, to += 3) {
    target[to] = red[bytes[at]!]!;
    target[to + 1] = green[bytes[at + 1]!]!;
    target[to + 2] = blue[bytes[at + 2]!]!;
  }
}

function grayLevels(
  bytes: Uint8Array,
  first: number,
  pixels: number,
  { channels: [values] }: Levels,
  target: Float32Array,
  offset: number,
): void {
  for (let i = 0, at = 3 * first; i < pixels; i++, at += 3) {
    const thousandths = 299 * bytes[at]! + 587 * bytes[at + 1]! + 114 * bytes[at + 2]!;
    target[offset + i] = values[Math.floor((thousandths + 500) / 1000)]!;
  }
}
