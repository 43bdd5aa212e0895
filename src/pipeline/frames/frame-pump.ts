/** Moves frames between the pipes of ffmpeg's cores and the DNN stages. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import type { FrameRingBuffer } from '../../media/frame-ring.ts';
import { NutReader } from '../../media/nut/nut-reader.ts';
import { NutWriter } from '../../media/nut/nut-writer.ts';
import { RingReader } from '../../media/ring-reader.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { FrameStream } from './frame-stream.ts';
import { SourceFailure } from './source-failure.ts';

/** Bytes of a ring: two frames in flight at least, and enough that small frames come in bursts. */
export function ringCapacity(frameBytes: number): number {
  return Math.min(2 ** 30, Math.max(4 * 2 ** 20, 2 * frameBytes + 65_536));
}

/**
 * The frames that a core writes to a pipe. Resolves when the first frame has arrived,
 * which is when the size is known.
 *
 * Ending the iteration early closes the pipe, so that the core stops.
 */
export async function framesOf(ring: FrameRingBuffer, buffers: BufferPool): Promise<FrameStream> {
  const source = new RingReader(ring);
  const reader = await NutReader.open(source);
  const stop = (): void => {
    source.closeReader('no more frames are needed');
  };
  return { info: reader.stream, frames: read(reader, buffers, stop), stop };
}

async function* read(
  reader: NutReader,
  buffers: BufferPool,
  stop: () => void,
): AsyncGenerator<Frame, void, undefined> {
  try {
    for (;;) {
      const frame = await nextFrame(reader, buffers);
      if (frame === null) return;
      yield frame;
    }
  } finally {
    stop();
  }
}

async function nextFrame(reader: NutReader, buffers: BufferPool): Promise<Frame | null> {
  let taken: ArrayBuffer | undefined;
  try {
    return await reader.next((bytes) => (taken = buffers.take(bytes)));
  } catch (error) {
    if (taken !== undefined) buffers.give(taken);
    throw new SourceFailure(error);
  }
}

/** How a pump ended: the core behind it took all frames, or wanted no more (`-frames:v`, `-t`). */
export type PumpEnd = 'all' | 'enough';

/**
 * Writes frames to the pipe of a core; awaiting the pipe is the back-pressure. A failure of the frames breaks
 * the pipe with its reason, so that the core finishes what it has, and is thrown.
 *
 * @param onFrame called after each frame was written
 */
export async function pumpFrames(
  stream: FrameStream,
  ring: FrameRingBuffer,
  buffers: BufferPool,
  onFrame: (frame: Frame) => void,
): Promise<PumpEnd> {
  const sink = new RingWriter(ring);
  try {
    const writer = await NutWriter.open(sink, stream.info);
    for await (const frame of stream.frames) {
      try {
        await writer.writeFrame(frame);
      } finally {
        buffers.give(frame.buffer);
      }
      onFrame(frame);
    }
    await writer.finish();
    sink.end();
    return 'all';
  } catch (error) {
    if (error instanceof DnnError && error.code === 'EPIPE' && sink.readerClosed) return 'enough';
    sink.break(errorMessage(error));
    throw error;
  } finally {
    stream.stop();
  }
}
