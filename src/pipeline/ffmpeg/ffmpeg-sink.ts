/**
 * ffmpeg as the encode stage of a job: runs the filters behind, encodes, and takes all
 * other streams of the inputs along.
 */
import type { CorePipe } from '../../media/core-options.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import { pumpFrames } from '../frames/frame-pump.ts';
import type { FrameSink } from '../frames/frame-sink.ts';
import { encodeFilters } from '../planning/encode-stage-args.ts';
import type { StageLog } from '../report/stage-log.ts';
import { startEncodeStage, type EncodeStageOptions } from './encode-stage.ts';

export interface FfmpegSinkStart extends EncodeStageOptions {
  /** Frames of the layout's outputs. */
  readonly inputs: readonly NutStream[];
  readonly buffers: BufferPool;
  /** Counts the frames that ffmpeg says it encoded. */
  readonly log: Pick<StageLog, 'framesEncoded'>;
}

export function startFfmpegSink(start: FfmpegSinkStart): FrameSink {
  const { plan, inputs, stages, buffers, log, templates } = start;
  const pipes = inputs.map((info, index): CorePipe => ({
    name: `frames${index}`,
    direction: 'read',
    ring: stages.ring(info),
  }));
  const { stage, exitCode } = startEncodeStage(
    start,
    pipes.map((pipe, index) => ({ pipe, input: { name: pipe.name, info: inputs[index]! } })),
  );
  return {
    async accept(input, stream, onFrame) {
      await pumpFrames(stream, pipes[input]!.ring, buffers, (frame) => {
        templates.sawFrame(input, frame);
        onFrame(frame);
      });
    },
    async quit() {
      await Promise.all(pipes.map(({ ring }) => new RingWriter(ring).drained()));
      stage.requestQuit();
    },
    kill: () => {
      stage.kill();
    },
    exitCode,
    get framesEncoded() {
      return log.framesEncoded;
    },
    stats: (frames) => [stage.stats(encodeFilters(plan), frames)],
  };
}
