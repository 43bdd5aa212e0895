/**
 * Indices of short mp4 and mov files with the same tracks as those of a job: its encode stage run once more,
 * over a few empty frames. So the descriptions of the tracks are ffmpeg's own.
 */
import { DnnError } from '../../base/errors.ts';
import { allocateFrame, frameLayout } from '../../frame/plane-layout.ts';
import type { Frame } from '../../frame/frame.ts';
import type { CorePipe } from '../../media/core-options.ts';
import { createFrameRing } from '../../media/frame-ring.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { pumpFrames, ringCapacity } from '../frames/frame-pump.ts';
import type { CorePool } from './core-pool.ts';
import type { FfmpegStage } from './ffmpeg-stage.ts';
import { movieAt, shortRun, type Movies } from './short-run.ts';
import type { StageFiles } from './stage-files.ts';

/** As many as an encoder delays: the first time stamps follow from them. */
const frameCount = 4;

/** One input of the encode stage. */
interface TemplateInput {
  /** Of its pipe. */
  readonly name: string;
  readonly info: NutStream;
  /** pts of the first frames that it got. */
  readonly times: number[];
}

export class MovieTemplates {
  readonly #cores: CorePool;
  readonly #files: StageFiles;
  #args: readonly string[] = [];
  #inputs: readonly TemplateInput[] = [];
  #movies: Promise<Movies> | undefined;

  /** @param files that the encode stage sees. */
  constructor(cores: CorePool, files: StageFiles) {
    this.#cores = cores;
    this.#files = files;
  }

  /** Called once the encode stage starts. @param inputs with the names of their pipes. */
  started(
    args: readonly string[],
    inputs: readonly { readonly name: string; readonly info: NutStream }[],
  ): void {
    this.#args = args;
    this.#inputs = inputs.map(({ name, info }) => ({ name, info, times: [] }));
  }

  /** Called for each frame that the encode stage takes. @param input its index. */
  sawFrame(input: number, { pts }: Frame): void {
    const times = this.#inputs[input]?.times;
    if (times !== undefined && times.length < frameCount) times.push(pts);
  }

  /**
   * The `moov` box for the output at a path.
   *
   * @throws DnnError EIO with the reason where there is none.
   */
  async of(path: string): Promise<Uint8Array> {
    this.#movies ??= this.#run();
    return movieAt(await this.#movies, path);
  }

  async #run(): Promise<Movies> {
    if (this.#inputs.every(({ times }) => times.length === 0))
      throw new DnnError('EIO', 'No frame came to the encoder.');
    const pipes = this.#inputs.map(({ name, info }): CorePipe => {
      const { size } = frameLayout(info.format, info.width, info.height);
      return { name, direction: 'read', ring: createFrameRing(ringCapacity(size)) };
    });
    return shortRun(this.#args, {
      ...{ cores: this.#cores, files: this.#files, pipes },
      name: 'The short run of the encode stage',
      feed: (stage) => this.#feed(pipes, stage),
    });
  }

  /** Gives each pipe its frames, then lets ffmpeg finish: other inputs of it are long. */
  async #feed(pipes: readonly CorePipe[], stage: FfmpegStage): Promise<void> {
    const buffers = new BufferPool(0);
    const fed = this.#inputs.map(async ({ info, times }, index) => {
      const { ring } = pipes[index]!;
      await pumpFrames(
        { info, frames: emptyFrames(info, times), stop: () => undefined },
        ring,
        buffers,
        () => undefined,
      );
      await new RingWriter(ring).drained();
    });
    await Promise.allSettled(fed);
    stage.requestQuit();
  }
}

async function* emptyFrames(
  { format, width, height }: NutStream,
  times: readonly number[],
): AsyncGenerator<Frame, void, undefined> {
  for (const pts of times) yield await Promise.resolve(allocateFrame(format, width, height, pts));
}
