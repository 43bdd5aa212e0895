/** Draws what was detected: a few milliseconds a frame at most, so that no worker is worth its while. */
import type { Frame } from '../../frame/frame.ts';
import type { FrameStream } from '../frames/frame-stream.ts';

/** The stage's output; pulling it pulls the input. The frames are drawn into and handed on. */
export function drawStage(input: FrameStream, draw: (frame: Frame) => void): FrameStream {
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for await (const frame of input.frames) {
      draw(frame);
      yield frame;
    }
  }
  return {
    info: input.info,
    frames: frames(),
    stop: () => {
      input.stop();
    },
  };
}
