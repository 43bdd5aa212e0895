/**
 * One DNN filter at work: pulls frames, sends them through the executor to the inference workers, gives the results on
 * in submission order. Mirrors the activate loop of libavfilter/vf_dnn_processing.c without its polling.
 */
import { DnnError, errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { OnError } from '../dnn/dnn-context.ts';
import { Executor } from '../dnn/executor.ts';
import type { InferenceRequest } from '../dnn/executor-options.ts';
import type { TaskResult } from '../dnn/task-item.ts';
import type { FrameToInfer } from '../dnn/inference-runner.ts';
import type { Frame } from '../frame/frame.ts';
import { frameFromBuffer, frameLayout } from '../frame/plane-layout.ts';
import type { NutStream } from '../media/nut/nut-stream.ts';
import type { InferencePool } from '../workers/inference-pool.ts';
import type { BatchTuner } from './batch-tuner.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { DnnStageMeter } from './dnn-stage-meter.ts';
import { replaceFailedFrame } from './failed-frame.ts';
import type { FrameStream } from './frame-stream.ts';

export interface DnnStageOptions {
  /** The filter as the user wrote it, for messages. */
  readonly filter: string;
  readonly pool: Pick<InferencePool, 'size' | 'execute'>;
  readonly nireq: number;
  readonly batchSize: number;
  readonly async: boolean;
  readonly onError: OnError;
  /** Chooses a larger batch once requests were measured; left out where the user has chosen. */
  readonly tuner?: BatchTuner | undefined;
  /** Size of the frames that leave. */
  readonly outWidth: number;
  readonly outHeight: number;
  readonly buffers: BufferPool;
  readonly meter: DnnStageMeter;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

type StageExecutor = Executor<Frame, FrameToInfer, Frame>;

/**
 * How long a frame waits for others to share its request. A source slower than this is live, or slower than the network:
 * then waiting for a full batch would only add delay.
 */
const partialBatchAfterMs = 200;

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
  const { buffers, meter } = options;
  const outBytes = frameLayout(info.format, info.width, info.height).size;
  const giveBack = (frame: Frame): void => {
    buffers.give(frame.buffer);
  };
  const executor: StageExecutor = new Executor({
    nireq: options.nireq,
    batchSize: options.batchSize,
    async: options.async,
    partialBatchAfterMs,
    signal: options.signal,
    discard: giveBack,
    discardFrame: giveBack,
    execute: async (request) => {
      const results = await execute(request, outBytes, options);
      const larger = options.tuner?.chosen;
      if (larger !== undefined) executor.growBatch(larger);
      return results;
    },
  });
  const feeding = feed(input, executor, options);
  feeding.catch(() => undefined); // thrown below, behind the last frame
  try {
    for await (const result of executor.results()) {
      if (result.ok) giveBack(result.inFrame);
      else meter.frameFailed();
      const results = result.ok ? result.outputs : replaceFailed(result, info, options);
      for (const frame of results) {
        meter.frameOut();
        yield frame;
      }
    }
    await feeding;
  } finally {
    executor.close();
    input.stop();
    meter.executorEnded(executor.stats);
  }
}

/**
 * One call of the workers. The frames stay here and copies of them are sent: a worker that is lost takes its frames with
 * it, and they are needed for a second try or to pass them on.
 */
async function execute(
  { slot, items }: InferenceRequest<FrameToInfer>,
  outBytes: number,
  { pool, buffers, meter, tuner }: DnnStageOptions,
): Promise<readonly Frame[]> {
  // More requests than workers keep a worker's next request waiting at its door.
  const worker = slot % pool.size;
  const request = meter.requestStarted();
  const sent = items.map((item) => ({ ...item, frame: copyOf(item.frame, buffers) }));
  const outBuffers = items.map(() => buffers.take(outBytes));
  const started = performance.now();
  try {
    const result = await pool.execute(worker, sent, outBuffers);
    for (const buffer of result.spent) buffers.give(buffer);
    meter.requestMeasured(items.length, result, worker);
    tuner?.measure(worker, items.length, performance.now() - started, result);
    return result.frames;
  } catch (error) {
    for (const { frame } of items) {
      buffers.lose(frame.buffer.byteLength);
      buffers.lose(outBytes);
    }
    throw error;
  } finally {
    request.end();
  }
}

function copyOf({ format, width, height, pts, buffer }: Frame, buffers: BufferPool): Frame {
  return frameFromBuffer(format, width, height, pts, buffers.copyOf(buffer));
}

/** Takes every frame of the input; waits where all requests are busy. What came before a failure of the input is still run. */
async function feed(
  input: FrameStream,
  executor: StageExecutor,
  { outWidth, outHeight, meter }: DnnStageOptions,
): Promise<void> {
  try {
    for await (const frame of input.frames) {
      meter.frameIn();
      await executor.executeModel(frame, [{ frame, outWidth, outHeight }]);
    }
  } finally {
    executor.end();
  }
}

function replaceFailed(
  { inFrame, error, request }: Extract<TaskResult<Frame, Frame>, { ok: false }>,
  { timeBase }: NutStream,
  options: DnnStageOptions,
): readonly Frame[] {
  const { filter } = options;
  const { pts } = inFrame;
  const time = ((pts * timeBase.num) / timeBase.den).toFixed(3);
  const failure = new DnnError(
    'DNN_GENERIC_ERROR',
    `${filter}: inference failed for the frame with pts ${pts} (${time} s) in request ${request}: ${errorMessage(error)}`,
    { filter, pts, request },
    { cause: error },
  );
  const replacement = replaceFailedFrame(inFrame, failure, options);
  return replacement === undefined ? [] : [replacement];
}
