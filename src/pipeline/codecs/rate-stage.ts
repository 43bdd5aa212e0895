/**
 * An ffmpeg before an encoder of the browser: filters the frames, and does what its frame rate options say.
 */
import type { Frame } from '../../frame/frame.ts';
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { FileGroup } from '../command/command.ts';
import type { FfmpegStages, RunningStage } from '../ffmpeg/ffmpeg-stages.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import { framesOf, pumpFrames } from '../frames/frame-pump.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { StageFailure } from '../frames/source-failure.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { encoderTimes } from '../planning/codecs/encoder-times.ts';
import type { RatePipes } from '../planning/codecs/rate-args.ts';
import type { EncoderSupply, SuppliedFrames } from './encoder-supply.ts';

export interface RateStageStart {
  readonly stages: FfmpegStages;
  readonly buffers: BufferPool;
  /** Number of the encoder, which names the stage and its pipes. */
  readonly index: number;
  /** What the frames are like that come. */
  readonly info: NutStream;
  /** Of the frames that it gives. */
  readonly pixelFormat: PixelFormat;
  readonly output: FileGroup;
  /** Its filters as the user wrote them, for the statistics. */
  readonly filter: string;
  readonly argsOf: (pipes: RatePipes) => readonly string[];
}

export class RateStage implements EncoderSupply {
  readonly info: Promise<NutStream>;
  readonly #filter: string;
  readonly #buffers: BufferPool;
  readonly #pipe: CorePipe;
  readonly #running: RunningStage;
  readonly #rated: Promise<FrameStream>;

  constructor(start: RateStageStart) {
    const { stages, buffers, index, info, pixelFormat, output, argsOf } = start;
    this.#filter = start.filter;
    this.#buffers = buffers;
    this.#pipe = { name: `rate${index}`, direction: 'read', ring: stages.ring(info) };
    const rated: CorePipe = {
      name: `rated${index}`,
      direction: 'write',
      ring: stages.ring({ ...info, format: pixelFormat }),
    };
    this.#running = stages.start({
      label: index === 0 ? 'rate' : `rate ${index}`,
      args: argsOf({ input: `${pipeFolder}/${this.#pipe.name}`, output: `${pipeFolder}/${rated.name}` }),
      pipes: [this.#pipe, rated],
    });
    this.#rated = this.#opened(framesOf(rated.ring, buffers), output);
    this.#rated.catch(() => undefined); // whoever starts it sees it
    this.info = this.#rated.then((stream) => stream.info);
    this.info.catch(() => undefined); // likewise
  }

  start(stream: FrameStream, onFrame: (frame: Frame) => void): SuppliedFrames {
    const rated = this.#rated;
    async function* frames(): AsyncGenerator<Frame, void, undefined> {
      yield* (await rated).frames;
    }
    return {
      frames: frames(),
      stop: () => {
        rated.then(
          (opened) => {
            opened.stop();
          },
          () => undefined,
        );
      },
      taken: pumpFrames(stream, this.#pipe.ring, this.#buffers, onFrame),
    };
  }

  failedExitCode(): Promise<number> {
    return this.#running.exitCode;
  }

  stats(frames: number): readonly StageStats[] {
    return [this.#running.stage.stats(this.#filter, frames)];
  }

  kill(): void {
    this.#running.stage.kill();
  }

  /** @throws StageFailure where the stage fails before its first frame. */
  async #opened(frames: Promise<FrameStream>, output: FileGroup): Promise<FrameStream> {
    try {
      return inEncoderTimes(await frames, output);
    } catch (error) {
      const code = await this.#running.exitCode;
      throw code === 0 ? error : new StageFailure('ffmpeg', code);
    }
  }
}

/** The frames with their times as ffmpeg's own encoder would have them. */
function inEncoderTimes(stream: FrameStream, output: FileGroup): FrameStream {
  const { info, ptsOf } = encoderTimes(stream.info, output);
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for await (const frame of stream.frames) yield { ...frame, pts: ptsOf(frame.pts) };
  }
  return { ...stream, info, frames: frames() };
}
