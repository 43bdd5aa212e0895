/**
 * One DNN filter at work: pulls frames, sends them through the executor to the inference workers, gives the results on
 * in submission order. Mirrors the activate loop of libavfilter/vf_dnn_processing.c without its polling.
 */
import { DnnError, errorMessage } from '../base/errors.ts';
import { Executor } from '../dnn/executor.ts';
import type { Frame } from '../frame/frame.ts';
import { frameLayout } from '../frame/plane-layout.ts';
import type { NutStream } from '../media/nut/nut-stream.ts';
import type { FrameToInfer } from '../dnn/inference-runner.ts';
import type { InferencePool } from '../workers/inference-pool.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { DnnStageMeter } from './dnn-stage-meter.ts';
import type { FrameStream } from './frame-stream.ts';

export interface DnnStageOptions {
  /** The filter as the user wrote it, for messages. */
  readonly filter: string;
  readonly pool: Pick<InferencePool, 'size' | 'execute'>;
  readonly nireq: number;
  readonly batchSize: number;
  readonly async: boolean;
  /** Size of the frames that leave. */
  readonly outWidth: number;
  readonly outHeight: number;
  readonly buffers: BufferPool;
  readonly meter: DnnStageMeter;
  readonly signal: AbortSignal;
}

/** What is remembered of a frame whose pixels are on their way. */
interface PendingFrame {
  readonly pts: number;
}

/** The stage's output; pulling it pulls the input. Frames given out are the caller's. */
export function dnnStage(input: FrameStream, options: DnnStageOptions): FrameStream {
  const info: NutStream = { ...input.info, width: options.outWidth, height: options.outHeight };
  return {
    info,
    frames: frames(input, options, info),
    stop: () => {
      input.stop();
    },
  };
}

async function* frames(
  input: FrameStream,
  options: DnnStageOptions,
  info: NutStream,
): AsyncGenerator<Frame, void, undefined> {
  const { pool, buffers, meter } = options;
  const outBytes = frameLayout(info.format, info.width, info.height).size;
  const executor = new Executor<PendingFrame, FrameToInfer, Frame>({
    nireq: options.nireq,
    batchSize: options.batchSize,
    async: options.async,
    signal: options.signal,
    discard: (frame) => {
      buffers.give(frame.buffer);
    },
    execute: async ({ slot, items }) => {
      // More requests than workers keep a worker's next request waiting at its door.
      const worker = slot % pool.size;
      const request = meter.requestStarted();
      try {
        const outBuffers = items.map(() => buffers.take(outBytes));
        const result = await pool.execute(worker, items, outBuffers);
        for (const buffer of result.spent) buffers.give(buffer);
        meter.requestMeasured(items.length, result, worker);
        return result.frames;
      } finally {
        request.end();
      }
    },
  });
  const feeding = feed(input, executor, options);
  feeding.catch(() => undefined); // thrown below, behind the last frame
  try {
    for await (const result of executor.results()) {
      if (!result.ok) throw inferenceError(options.filter, result.inFrame.pts, result.error);
      meter.frameOut();
      for (const frame of result.outputs) yield frame;
    }
    await feeding;
  } finally {
    executor.close();
    input.stop();
  }
}

/** Takes every frame of the input; waits where all requests are busy. What came before a failure of the input is still run. */
async function feed(
  input: FrameStream,
  executor: Executor<PendingFrame, FrameToInfer, Frame>,
  { outWidth, outHeight, meter }: DnnStageOptions,
): Promise<void> {
  try {
    for await (const frame of input.frames) {
      meter.frameIn();
      await executor.executeModel({ pts: frame.pts }, [{ frame, outWidth, outHeight }]);
    }
  } finally {
    executor.end();
  }
}

function inferenceError(filter: string, pts: number, cause: unknown): DnnError {
  return new DnnError(
    'DNN_GENERIC_ERROR',
    `${filter}: inference failed for the frame with pts ${pts}: ${errorMessage(cause)}`,
    { filter, pts },
    { cause },
  );
}
