/** Which numbers a browser's encoders take for quantisers: FFmpeg's 0 to 63, or the codec's own 0 to 255. */
import type { CodecName } from '../codec-contract.ts';
import { codecStrings } from '../parameters/codec-strings.ts';
import { encodeOptions, encoderConfig } from './encoder-config.ts';
import { EncoderRun } from './encoder-run.ts';
import { videoFrame } from './video-frames.ts';

/** The quantiser's largest value in FFmpeg's words (libvpx and libaom: `-qmax`). */
export const mostQuantizer = 63;

/** By codec: found out once in a worker. */
const scales = new Map<CodecName, Promise<number | undefined>>();

const width = 320;
const height = 192;
const probe = (codec: CodecName) =>
  ({
    codec,
    width,
    height,
    pixelFormat: 'yuv420p',
    frameRate: { num: 30, den: 1 },
    rate: { kind: 'quantizer', quantizer: 0 },
    latencyMode: 'quality',
  }) as const;
const [fine, coarse] = [10, 60];
/** Bytes of the fine picture for one of the coarse: below the first no effect, below the second 0 to 255. */
const [leastEffect, leastOfShortScale] = [1.15, 6];

/**
 * The largest number that stands for the worst quality, by the sizes of a picture at two quantisers:
 * documents say 63 (WebCodecs registrations of VP9 and AV1), Chromium goes up to 255.
 *
 * @returns undefined where quantisers have no effect.
 */
export function quantizerScale(codec: CodecName): Promise<number | undefined> {
  const known = scales.get(codec);
  if (known !== undefined) return known;
  const scale = measureScale(codec);
  scales.set(codec, scale);
  return scale;
}

async function measureScale(codec: CodecName): Promise<number | undefined> {
  try {
    const ratio = (await pictureBytes(codec, fine)) / (await pictureBytes(codec, coarse));
    if (!(ratio >= leastEffect)) return undefined;
    return ratio < leastOfShortScale ? 255 : mostQuantizer;
  } catch {
    // An encoder without this mode says so by failing.
    return undefined;
  }
}

/** Bytes of a picture of checks and noise as a key frame. */
async function pictureBytes(codec: CodecName, quantizer: number): Promise<number> {
  const run = new EncoderRun(encoderConfig(probe(codec), codecStrings(probe(codec))[0]));
  try {
    await run.encode(
      videoFrame({ ...probe(codec), colors: {} }, noise(), 0),
      encodeOptions(codec, true, quantizer),
    );
    await run.flush();
    return run.take().reduce((sum, { data }) => sum + data.byteLength, 0);
  } finally {
    run.close();
  }
}

function noise(): ArrayBuffer {
  const bytes = new Uint8Array((width * height * 3) / 2).fill(128);
  let seed = 1;
  for (let at = 0; at < width * height; at++) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    const check = ((at >> 3) + Math.floor(at / (8 * width))) % 2 === 0 ? 90 : 160;
    bytes[at] = check + ((seed >>> 16) & 63);
  }
  return bytes.buffer;
}
