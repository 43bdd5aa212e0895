/**
 * One DNN filter at work: pulls frames, sends them through the executor to the inference workers,
 * gives the results on in submission order. Mirrors the activate loop of
 * libavfilter/vf_dnn_processing.c without its polling.
 */
import { DnnError, errorCode, errorMessage } from '../../base/errors.ts';
import { Executor } from '../../dnn/schedule/executor.ts';
import type { TaskResult } from '../../dnn/schedule/task-item.ts';
import type { Frame } from '../../frame/frame.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { DnnStageOptions, StageWorkers } from './dnn-stage-options.ts';
import { replaceFailedFrame } from './failed-frame.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { StageWork } from './stage-work.ts';
import { withStageWork } from './with-stage-work.ts';

/**
 * How long a frame waits for others to share its request. A source slower than this is live, or slower than
 * the network: then waiting for a full batch would only add delay.
 */
const partialBatchAfterMs = 200;

/** The stage's output; pulling it pulls the input. Frames given out are the caller's. */
export function dnnStage(input: FrameStream, options: DnnStageOptions): FrameStream {
  const { filter, result, workers, around } = options;
  const info: NutStream = { ...input.info, width: result.outWidth, height: result.outHeight };
  const setup = { filter, result, workers, timeBase: input.info.timeBase, log: around.log };
  return {
    info,
    frames: withStageWork(setup, (work) => frames(input, options, work)),
    stop: () => {
      input.stop();
    },
  };
}

async function* frames<Item, Out>(
  input: FrameStream,
  options: DnnStageOptions,
  work: StageWork<Item, Out>,
): AsyncGenerator<Frame, void, undefined> {
  const { schedule, around } = options;
  const { buffers, meter, tuner } = options.workers;
  const executor = new Executor<Frame, Item, Out>({
    ...schedule,
    partialBatchAfterMs,
    signal: around.signal,
    ...(work.parts === undefined ? {} : { parts: work.parts }),
    discard: (output) => {
      work.discard(output);
    },
    discardFrame: ({ buffer }) => {
      buffers.give(buffer);
    },
    execute: async (request) => {
      const results = await work.execute(request);
      const larger = tuner?.chosen;
      if (larger !== undefined) executor.growBatch(larger);
      return results;
    },
  });
  const feeding = feed(input, executor, work, options.workers);
  feeding.catch(() => undefined); // thrown below, behind the last frame
  try {
    for await (const result of executor.results()) {
      const frame = result.ok
        ? work.finish(result.inFrame, result.outputs)
        : replaceFailed(result, input.info, options);
      if (frame === undefined) continue;
      meter.frameOut();
      around.onFrame?.(frame);
      yield frame;
    }
    await feeding;
  } finally {
    executor.close();
    input.stop();
    meter.executorEnded(executor.stats);
  }
}

/**
 * Takes every frame of the input; waits where all requests are busy. What came before a
 * failure of the input is still run.
 */
async function feed<Item, Out>(
  input: FrameStream,
  executor: Executor<Frame, Item, Out>,
  work: StageWork<Item, Out>,
  { meter, buffers }: Pick<StageWorkers, 'meter' | 'buffers'>,
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
  { filter: { text, onError }, result: { outWidth, outHeight }, workers, around }: DnnStageOptions,
): Frame | undefined {
  const { pts } = inFrame;
  const time = ((pts * timeBase.num) / timeBase.den).toFixed(3);
  const failure = new DnnError(
    errorCode(error),
    `${text}: inference failed for the frame with pts ${pts} (${time} s) in request ${request}: ${errorMessage(error)}`,
    { filter: text, pts, request },
    { cause: error },
  );
  workers.meter.frameFailed();
  const { buffers } = workers;
  return replaceFailedFrame(inFrame, failure, { onError, outWidth, outHeight, buffers, log: around.log });
}
