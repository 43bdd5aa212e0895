/** What the browser's encoders really encode: a few frames go in and come back. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { CodecName, EncoderCapability, EncodeSetup, RateControl } from '../codec-contract.ts';
import { firstTaken } from '../encoder/encoder-trial.ts';
import { EncodingStream } from '../encoder/encoding-stream.ts';
import { quantizerScale } from '../encoder/quantizer-scale.ts';
import { encoderCodecs } from '../parameters/encoder-profiles.ts';
import { greyPicture, meanLuma, pictureCount, pictureHeight, pictureWidth } from './grey-pictures.ts';
import { readBack, type ReadPicture } from './read-back.ts';

/** Bits per second. */
const [lowRate, highRate] = [100_000, 4_000_000];
/** Bytes at the high rate for one at the low rate: below it the rate has no effect. */
const leastEffect = 1.5;
/** Steps of 8 bits that a picture's mean may be off; pictures are further apart. */
const mostError = 5;
const microsecondsPerFrame = 40_000;

/** Tries each pixel format of a codec, and the ways to spend bits. */
export async function probeEncoder(codec: CodecName): Promise<EncoderCapability> {
  const name = `${codec}_webcodecs`;
  if (typeof VideoEncoder === 'undefined')
    return { name, codec, pixelFormats: [], rateControl: [], reason: 'it has no VideoEncoder in workers' };
  const pixelFormats: PixelFormat[] = [];
  const rateControl: RateControl['kind'][] = [];
  const formats = new Set(encoderCodecs[codec].profiles.flatMap((profile) => profile.pixelFormats));
  let reason: string | undefined;
  for (const pixelFormat of formats) {
    try {
      const bytes = await roundTrip(setupOf(codec, pixelFormat, highRate));
      if (pixelFormats.length === 0) rateControl.push(...(await ratesOf(codec, pixelFormat, bytes)));
      pixelFormats.push(pixelFormat);
    } catch (error) {
      reason ??= errorMessage(error);
    }
  }
  if (pixelFormats.length > 0 || reason === undefined) return { name, codec, pixelFormats, rateControl };
  return { name, codec, pixelFormats, rateControl, reason: reason.replace(/\.$/, '') };
}

/** @param highBytes of the pictures at the high rate. */
async function ratesOf(
  codec: CodecName,
  pixelFormat: PixelFormat,
  highBytes: number,
): Promise<readonly RateControl['kind'][]> {
  const lowBytes = await roundTrip(setupOf(codec, pixelFormat, lowRate), false);
  const hasQuantizer = (codec === 'vp9' || codec === 'av1') && (await quantizerScale(codec)) !== undefined;
  return [highBytes > leastEffect * lowBytes ? 'bitrate' : [], hasQuantizer ? 'quantizer' : []].flat() as [];
}

function setupOf(codec: CodecName, pixelFormat: PixelFormat, bitsPerSecond: number): EncodeSetup {
  return {
    ...{ codec, width: pictureWidth, height: pictureHeight, inputFormat: pixelFormat, pixelFormat },
    ...{ colors: {}, timeBase: { num: 1, den: 1_000_000 }, frameRate: { num: 25, den: 1 } },
    ...{ rate: { kind: 'bitrate', bitsPerSecond }, keyInterval: 250, latencyMode: 'quality' },
  };
}

/**
 * @param checksPictures whether they have to look as before: a low rate may not suffice.
 * @returns bytes of all packets.
 * @throws DnnError that says what is wrong with what came back.
 */
async function roundTrip(setup: EncodeSetup, checksPictures = true): Promise<number> {
  const stream = new EncodingStream(setup, await firstTaken(setup));
  try {
    const frames = Array.from({ length: pictureCount }, (_, index) => ({
      pts: index * microsecondsPerFrame,
      buffer: greyPicture(setup.pixelFormat, index),
    }));
    const encoded = await stream.encode(frames);
    const packets = [...encoded.packets, ...(await stream.finish()).packets];
    const bytes = packets.reduce((sum, { data }) => sum + data.byteLength, 0);
    checkPackets(packets);
    checkPictures(setup.pixelFormat, await readBack(decoderConfig(stream), packets), checksPictures);
    return bytes;
  } finally {
    stream.close();
  }
}

function decoderConfig({ facts: { codec, description } }: EncodingStream): VideoDecoderConfig {
  return description === undefined ? { codec } : { codec, description };
}

function checkPackets(packets: readonly EncodedPacket[]): void {
  if (packets.length !== pictureCount)
    throw wrong(`it gives ${packets.length} packets for ${pictureCount} frames`);
  if (packets[0]?.isKey !== true) throw wrong('its first packet is no key frame');
  for (const [index, { pts }] of packets.entries()) {
    if (pts !== index * microsecondsPerFrame) throw wrong('it gives frames out of order');
  }
}

function checkPictures(
  pixelFormat: PixelFormat,
  pictures: readonly ReadPicture[],
  checksLuma: boolean,
): void {
  if (pictures.length !== pictureCount)
    throw wrong(`${pictures.length} frames come back for ${pictureCount}`);
  for (const [index, { timestamp, format, luma }] of pictures.entries()) {
    if (timestamp !== index * microsecondsPerFrame)
      throw wrong(`frame ${index} comes back at ${timestamp / 1000} ms`);
    if (!isSame(pixelFormat, format)) throw wrong(`${pixelFormat} comes back as ${format ?? 'RGB'}`);
    if (checksLuma && Math.abs(luma - meanLuma(index)) > mostError)
      throw wrong(`frame ${index} comes back ${luma > meanLuma(index) ? 'brighter' : 'darker'}`);
  }
}

/** Which planes a decoder chooses for 4:2:0 of 8 bits does not matter, and RGB tells no more than these. */
function isSame(sent: PixelFormat, back: PixelFormat | undefined): boolean {
  const isPlain = (format: PixelFormat | undefined): boolean =>
    format === undefined || format === 'yuv420p' || format === 'nv12';
  return sent === back || (isPlain(sent) && isPlain(back));
}

function wrong(what: string): DnnError {
  return new DnnError('ENOSYS', what);
}
