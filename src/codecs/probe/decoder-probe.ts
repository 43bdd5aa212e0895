/** What the browser's decoders really decode, by streams of which every byte of the result is known. */
import { adler32 } from '../../base/adler32.ts';
import { errorMessage } from '../../base/errors.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { CodecCapability, CodecName, DecodedFrame } from '../codec-contract.ts';
import { DecoderSession } from '../decoder-session.ts';
import { KernelSource } from '../kernel-source.ts';
import { decoderSamples, sampleHeight, sampleWidth, type DecoderSample } from './decoder-samples.ts';

/** Tries each pixel format of a codec; one after another, since decoders in hardware are few. */
export async function probeDecoder(codec: CodecName): Promise<CodecCapability> {
  const pixelFormats: PixelFormat[] = [];
  let reason: string | undefined;
  for (const sample of decoderSamples.filter((each) => each.codec === codec)) {
    const failure = await failureOf(sample);
    if (failure === undefined) pixelFormats.push(sample.pixelFormat);
    else reason ??= failure;
  }
  if (pixelFormats.length > 0 || reason === undefined) return { codec, pixelFormats };
  return { codec, pixelFormats, reason: reason.replace(/\.$/, '') };
}

/** @returns undefined where all frames are as FFmpeg decodes them. */
async function failureOf(sample: DecoderSample): Promise<string | undefined> {
  const session = new DecoderSession(new KernelSource());
  try {
    await session.beginDecoding({ codec: sample.codecString, timeBase: { num: 1, den: 25 } });
    const decoded = await session.decode(packetsOf(sample), []);
    const rest = decoded.failure === undefined ? await session.finishDecoding([]) : decoded;
    if (rest.failure !== undefined) return rest.failure;
    return differenceOf(sample, [...decoded.frames, ...rest.frames]);
  } catch (error) {
    return errorMessage(error);
  } finally {
    await session.closeDecoder();
  }
}

function packetsOf({ packets }: DecoderSample): EncodedPacket[] {
  return packets.map(([pts, base64], index) => {
    const { buffer } = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return { pts, isKey: index === 0, data: buffer };
  });
}

function differenceOf(sample: DecoderSample, frames: readonly DecodedFrame[]): string | undefined {
  const { pixelFormat, checksums } = sample;
  if (frames.length !== checksums.length) return `it gives ${frames.length} frames of ${checksums.length}`;
  for (const [index, { format, width, height, pts, buffer }] of frames.entries()) {
    if (format !== pixelFormat) return `it gives ${format} for ${pixelFormat}`;
    if (width !== sampleWidth || height !== sampleHeight)
      return `it gives ${width}x${height} for ${sampleWidth}x${sampleHeight}`;
    if (pts !== index) return `it gives frame ${index} the pts ${pts}`;
    if (adler32(new Uint8Array(buffer), 0) !== checksums[index]) return 'its frames are not those of ffmpeg';
  }
  return undefined;
}
