/** What the browser's own decoder makes of packets of its encoder. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import { copyPlanes, shapeOf } from '../frame-planes.ts';
import { Progress } from '../progress.ts';

/** A decoded picture that is grey. */
export interface ReadPicture {
  /** In microseconds. */
  readonly timestamp: number;
  /** Undefined where the decoder gives no planes. */
  readonly format: PixelFormat | undefined;
  /** Mean over the picture, in steps of 8 bits of limited range. */
  readonly luma: number;
}

const limitMs = 10_000;

/**
 * Decodes packets whose pts are microseconds. Frames that are converted to RGB are as good as planes here:
 * grey is the same by every matrix.
 *
 * @throws DnnError `ENOSYS` where the browser does not decode them.
 */
export async function readBack(
  config: VideoDecoderConfig,
  packets: readonly EncodedPacket[],
): Promise<readonly ReadPicture[]> {
  const frames: VideoFrame[] = [];
  const progress = new Progress();
  let failure: Error | undefined;
  let isFlushed = false;
  const failed = (error: unknown): void => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    progress.made();
  };
  const decoder = new VideoDecoder({
    output: (frame) => {
      frames.push(frame);
    },
    error: failed,
  });
  try {
    decoder.configure(config);
    for (const { pts, isKey, data } of packets)
      decoder.decode(new EncodedVideoChunk({ type: isKey ? 'key' : 'delta', timestamp: pts, data }));
    decoder.flush().then(() => {
      isFlushed = true;
      progress.made();
    }, failed);
    const isOver = await progress.until(() => isFlushed || failure !== undefined, limitMs);
    if (failure !== undefined) throw failure;
    if (!isOver) throw new Error('its decoder does nothing');
    const pictures = [];
    for (const frame of frames) pictures.push(await pictureOf(frame));
    return pictures;
  } catch (cause) {
    const words = `its own decoder does not read what it encodes: ${errorMessage(cause)}`;
    throw new DnnError('ENOSYS', words, { codec: config.codec }, { cause });
  } finally {
    for (const frame of frames) frame.close();
    if (decoder.state !== 'closed') decoder.close();
  }
}

async function pictureOf(frame: VideoFrame): Promise<ReadPicture> {
  const { timestamp } = frame;
  if (/^(RGB|BGR)[AX]$/.test(frame.format ?? ''))
    return { timestamp, format: undefined, luma: await rgbLuma(frame) };
  const shape = shapeOf(frame);
  const { planes, size } = frameLayout(shape.format, shape.width, shape.height);
  const buffer = new ArrayBuffer(size);
  await copyPlanes(frame, shape, buffer);
  const { linesize, width, height } = planes[0]!;
  const isDeep = linesize > width;
  const luma = isDeep
    ? new Uint16Array(buffer, 0, width * height)
    : new Uint8Array(buffer, 0, width * height);
  return { timestamp, format: shape.format, luma: mean(luma) / (isDeep ? 4 : 1) };
}

/** Of a grey picture: its red, green and blue are the same. */
async function rgbLuma(frame: VideoFrame): Promise<number> {
  const bytes = new Uint8Array(frame.allocationSize());
  await frame.copyTo(bytes);
  const level = mean(bytes.filter((_, at) => at % 4 === 1));
  return 16 + (219 * level) / 255;
}

function mean(samples: Uint8Array | Uint16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample;
  return sum / samples.length;
}
