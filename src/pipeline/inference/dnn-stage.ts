/**
 * One DNN filter at work: pulls frames, sends them through the executor to the inference workers, gives the results on
 * in submission order. Mirrors the activate loop of libavfilter/vf_dnn_processing.c without its polling.
 */
import { DnnError, errorMessage } from '../../base/errors.ts';
import { Executor } from '../../dnn/schedule/executor.ts';
import type { TaskResult } from '../../dnn/schedule/task-item.ts';
import type { Frame } from '../../frame/frame.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import { analyseFrames } from './analyse-frames.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { DnnStageOptions } from './dnn-stage-options.ts';
import { replaceFailedFrame } from './failed-frame.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { processFrames } from './process-frames.ts';
import type { StageWork } from './stage-work.ts';

/**
 * How long a frame waits for others to share its request. A source slower than this is live, or slower than the network:
 * then waiting for a full batch would only add delay.
 */
const partialBatchAfterMs = 200;

/** The stage's output; pulling it pulls the input. Frames given out are the caller's. */
export function dnnStage(input: FrameStream, options: DnnStageOptions): FrameStream {
  const info: NutStream = { ...input.info, width: options.outWidth, height: options.outHeight };
  const { analytics } = options;
  return {
    info,
    frames:
      analytics === undefined
        ? frames(input, options, info, processFrames(options, input.info))
        : frames(input, options, info, analyseFrames(analytics, options)),
    stop: () => {
      input.stop();
    },
  };
}

async function* frames<Item, Out>(
  input: FrameStream,
  options: DnnStageOptions,
  info: NutStream,
  work: StageWork<Item, Out>,
): AsyncGenerator<Frame, void, undefined> {
  const { buffers, meter } = options;
  const executor = new Executor<Frame, Item, Out>({
    nireq: options.nireq,
    batchSize: options.batchSize,
    async: options.async,
    partialBatchAfterMs,
    signal: options.signal,
    ...(work.parts === undefined ? {} : { parts: work.parts }),
    discard: (output) => {
      work.discard(output);
    },
    discardFrame: ({ buffer }) => {
      buffers.give(buffer);
    },
    execute: async (request) => {
      const results = await work.execute(request);
      const larger = options.tuner?.chosen;
      if (larger !== undefined) executor.growBatch(larger);
      return results;
    },
  });
  const feeding = feed(input, executor, work, options);
  feeding.catch(() => undefined); // thrown below, behind the last frame
  try {
    for await (const result of executor.results()) {
      const frame = result.ok
        ? work.finish(result.inFrame, result.outputs)
        : replaceFailed(result, info, options);
      if (frame === undefined) continue;
      meter.frameOut();
      options.onFrame?.(frame);
      yield frame;
    }
    await feeding;
  } finally {
    executor.close();
    input.stop();
    meter.executorEnded(executor.stats);
  }
}

/** Takes every frame of the input; waits where all requests are busy. What came before a failure of the input is still run. */
async function feed<Item, Out>(
  input: FrameStream,
  executor: Executor<Frame, Item, Out>,
  work: StageWork<Item, Out>,
  { meter, buffers }: Pick<DnnStageOptions, 'meter' | 'buffers'>,
): Promise<void> {
  try {
    for await (const frame of input.frames) {
      meter.frameIn();
      await executor.executeModel(frame, itemsOf(frame, work, buffers));
    }
  } finally {
    executor.end();
  }
}

/** The frame is given back to the pool where the work refuses it. */
function itemsOf<Item>(
  frame: Frame,
  work: Pick<StageWork<Item, unknown>, 'items'>,
  buffers: BufferPool,
): readonly Item[] {
  try {
    return work.items(frame);
  } catch (error) {
    buffers.give(frame.buffer);
    throw error;
  }
}

function replaceFailed<Out>(
  { inFrame, error, request }: Extract<TaskResult<Frame, Out>, { ok: false }>,
  { timeBase }: NutStream,
  options: DnnStageOptions,
): Frame | undefined {
  const { filter } = options;
  const { pts } = inFrame;
  const time = ((pts * timeBase.num) / timeBase.den).toFixed(3);
  const failure = new DnnError(
    'DNN_GENERIC_ERROR',
    `${filter}: inference failed for the frame with pts ${pts} (${time} s) in request ${request}: ${errorMessage(error)}`,
    { filter, pts, request },
    { cause: error },
  );
  options.meter.frameFailed();
  return replaceFailedFrame(inFrame, failure, options);
}
