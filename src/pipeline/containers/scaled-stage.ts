/** Filters of a job without ffmpeg whose frames are scaled before them, and behind the last one. */
import { scaleFrame } from '../../dnn/run/scale-frame.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import type { PlaneSize } from '../../frame/plane-scale-pass.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { FilterStage, FilterSurroundings } from '../inference/job-filter.ts';
import type { SettledLink, SettledLinks } from '../planning/containers/settle-links.ts';

/** Each filter with the scaling that the links ask for; a filter without any is given back as it is. */
export function scaledStages(stages: readonly FilterStage[], links: SettledLinks): readonly FilterStage[] {
  return stages.map((stage, index) => {
    const before = links.before[index]!;
    const behind = index === stages.length - 1 ? links.behind : undefined;
    const scales = before.scaled.length > 0 || (behind !== undefined && behind.scaled.length > 0);
    return scales ? new ScaledStage(stage, before, behind) : stage;
  });
}

class ScaledStage implements FilterStage {
  readonly detects: boolean;
  readonly mostInFlight: number;
  readonly #stage: FilterStage;
  readonly #before: SettledLink;
  readonly #behind: SettledLink | undefined;

  constructor(stage: FilterStage, before: SettledLink, behind: SettledLink | undefined) {
    this.detects = stage.detects;
    this.mostInFlight = stage.mostInFlight;
    this.#stage = stage;
    this.#before = before;
    this.#behind = behind;
  }

  get framesIn(): number {
    return this.#stage.framesIn;
  }

  get firstIn(): number | undefined {
    return this.#stage.firstIn;
  }

  get memoryBytes(): number {
    return this.#stage.memoryBytes;
  }

  get strayTensors(): number {
    return this.#stage.strayTensors;
  }

  start(stream: FrameStream, surroundings: FilterSurroundings): FrameStream {
    const { buffers } = surroundings;
    const output = this.#stage.start(scaledStream(stream, this.#before, buffers), surroundings);
    return this.#behind === undefined ? output : scaledStream(output, this.#behind, buffers);
  }

  stats(): readonly StageStats[] {
    return this.#stage.stats();
  }

  terminate(reason?: unknown): void {
    this.#stage.terminate(reason);
  }
}

/**
 * Frames of a link's size; pulling it pulls the input. They are scaled on this thread, plane by plane, by
 * swscale's bicubic filter: some 15 ms from or to 720p in yuv420p, 30 ms in rgb24. Gray and planar YUV come
 * out as from `ffmpeg -cpuflags 0`; for packed RGB see scalingWords. Detections stay as they are, as in
 * ffmpeg.
 */
export function scaledStream(input: FrameStream, link: SettledLink, buffers: BufferPool): FrameStream {
  const { width, height, sampleAspectRatio, scaled } = link;
  if (scaled.length === 0) return input;
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for await (const frame of input.frames)
      yield scaled.reduce<Frame>((scaling, size) => scaledFrame(scaling, size, buffers), frame);
  }
  return {
    info: { ...input.info, width, height, sampleAspectRatio },
    frames: frames(),
    stop: () => {
      input.stop();
    },
  };
}

/** A frame of another size; the buffer of the one that came goes back to the pool. */
function scaledFrame(frame: Frame, { width, height }: PlaneSize, buffers: BufferPool): Frame {
  const { format, pts, detections } = frame;
  const buffer = buffers.take(frameLayout(format, width, height).size);
  const scaled = frameFromBuffer(format, width, height, pts, buffer);
  scaleFrame(frame, scaled);
  buffers.give(frame.buffer);
  return detections === undefined ? scaled : { ...scaled, detections };
}
