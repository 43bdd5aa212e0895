/** Sources of frames for stages that are tested without ffmpeg. */
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer } from '../../frame/plane-layout.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { FrameStream } from './frame-stream.ts';

/** A decoder, and what became of it. */
export interface Source extends FrameStream {
  readonly state: { stopped: boolean; taken: number };
}

/** Gray frames of 2x1 pixels, filled with their pts. */
export function source(count: number, buffers: BufferPool, failAfter = Infinity): Source {
  const info = {
    format: 'gray',
    width: 2,
    height: 1,
    sampleAspectRatio: { num: 1, den: 1 },
    timeBase: { num: 1, den: 25 },
  } as const;
  const state = { stopped: false, taken: 0 };
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for (let pts = 0; pts < count; pts++) {
      await Promise.resolve();
      if (state.stopped) return;
      if (pts === failAfter) throw new Error('the decoder is gone');
      state.taken += 1;
      const frame = frameFromBuffer('gray', 2, 1, pts, buffers.take(2));
      frame.data[0]!.fill(pts);
      yield frame;
    }
  }
  const stop = (): void => {
    state.stopped = true;
  };
  return { info, state, frames: frames(), stop };
}
