/** Whether an encoder gives frames in the order in which they are shown. */
import type { CodecName } from '../codec-contract.ts';
import { encodeOptions, type EncoderConfig } from './encoder-config.ts';
import { EncoderRun } from './encoder-run.ts';
import { videoFrame } from './video-frames.ts';

/** Sides of the pictures, where the stream's are not smaller: its level may be a low one. */
const [mostWidth, mostHeight] = [320, 192];
/** More than the B-frames that encoders put in a row. */
const frames = 8;

/** By all that an encoder's choice of frame types depends on: found out once in a worker. */
const known = new Map<string, Promise<boolean>>();

/**
 * Encodes a few small moving pictures. Frames that are given in decode order have no dts, which muxers need,
 * since WebCodecs knows none: Firefox's H.264 encoder does so in profiles above Baseline. Other codecs have
 * no B-frames.
 *
 * @throws what the encoder fails with.
 */
export function keepsOrder(codec: CodecName, config: EncoderConfig): Promise<boolean> {
  if (codec !== 'h264' && codec !== 'hevc') return Promise.resolve(true);
  const key = `${config.codec} ${config.bitrateMode ?? ''} ${config.latencyMode ?? ''}`;
  const answer = known.get(key) ?? orderOf(codec, config);
  known.set(key, answer);
  return answer;
}

async function orderOf(codec: CodecName, config: EncoderConfig): Promise<boolean> {
  const width = Math.min(config.width, mostWidth);
  const height = Math.min(config.height, mostHeight);
  const run = new EncoderRun({ ...config, width, height, bitrate: 1e6 });
  try {
    for (let index = 0; index < frames; index++) {
      const picture = { pixelFormat: 'yuv420p', width, height, colors: {} } as const;
      await run.encode(
        videoFrame(picture, movingPicture(width, height, index), 1000 * index),
        encodeOptions(codec, false, undefined),
      );
    }
    await run.flush();
    const times = run.take().map(({ timestamp }) => timestamp);
    return times.every((time, index) => index === 0 || time > times[index - 1]!);
  } finally {
    run.close();
  }
}

/** A bright square on its way over a grey ground; both sides are even. */
function movingPicture(width: number, height: number, index: number): ArrayBuffer {
  const bytes = new Uint8Array((width * height * 3) / 2).fill(128);
  const side = height / 2;
  const column = Math.round((index * (width - side)) / frames);
  for (let row = 0; row < side; row++) {
    const start = row * width + column;
    bytes.fill(200, Math.max(start, row * width), start + side);
  }
  return bytes.buffer;
}
