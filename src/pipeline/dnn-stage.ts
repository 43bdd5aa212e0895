/**
 * One DNN filter at work: pulls frames, sends them through the executor to the inference workers, gives the results on
 * in submission order. Mirrors the activate loop of libavfilter/vf_dnn_processing.c without its polling.
 */
import { DnnError, errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { OnError } from '../dnn/dnn-context.ts';
import { Executor } from '../dnn/executor.ts';
import type { InferenceRequest, RequestSplit } from '../dnn/executor-options.ts';
import { copyForWorker, joinStrips, resultBytes } from '../dnn/frame-strips.ts';
import type { TaskResult } from '../dnn/task-item.ts';
import type { FrameToInfer } from '../dnn/inference-runner.ts';
import type { RowRange } from '../dnn/interface.ts';
import type { Timeline } from '../filters/timeline.ts';
import type { Frame } from '../frame/frame.ts';
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
  /** As FrameToInfer.scaleFirst, for all frames. */
  readonly scaleFirst?: boolean;
  /** Says which frames go through the model; the others pass untouched, and have the size of those that leave. */
  readonly timeline?: Pick<Timeline, 'isEnabled'> | undefined;
  /** Strips of rows of each result, which workers compute side by side; none or one where a frame runs whole. */
  readonly stripRows?: readonly RowRange[];
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
  const giveBack = (frame: Frame): void => {
    buffers.give(frame.buffer);
  };
  const executor: StageExecutor = new Executor({
    nireq: options.nireq,
    batchSize: options.batchSize,
    async: options.async,
    partialBatchAfterMs,
    signal: options.signal,
    parts: splitIntoStrips(options.stripRows ?? [], giveBack),
    discard: giveBack,
    discardFrame: giveBack,
    execute: async (request) => {
      const results = await execute(request, options);
      const larger = options.tuner?.chosen;
      if (larger !== undefined) executor.growBatch(larger);
      return results;
    },
  });
  const feeding = feed(input, executor, options);
  feeding.catch(() => undefined); // thrown below, behind the last frame
  try {
    for await (const result of executor.results()) {
      if (!result.ok) meter.frameFailed();
      for (const frame of resultFrames(result, info, options)) {
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

/** Each part of a request is one strip of each of its frames. */
function splitIntoStrips(
  stripRows: readonly RowRange[],
  giveBack: (strip: Frame) => void,
): RequestSplit<FrameToInfer, Frame> {
  return {
    split: (items) =>
      stripRows.length < 2 ? [items] : stripRows.map((rows) => items.map((item) => ({ ...item, rows }))),
    join: (parts) =>
      parts[0]!.map((_, index) => {
        const frame = joinStrips(
          parts.map((part) => part[index]!),
          stripRows,
        );
        for (const part of parts.slice(1)) giveBack(part[index]!);
        return frame;
      }),
  };
}

/**
 * One call of the workers. The frames stay here and copies of them are sent: a worker that is lost takes its frames with
 * it, and they are needed for a second try or to pass them on.
 */
async function execute(
  { slot, items, part, parts }: InferenceRequest<FrameToInfer>,
  { pool, buffers, meter, tuner }: DnnStageOptions,
): Promise<readonly Frame[]> {
  // More requests than workers keep a worker's next request waiting at its door. Where there are as many workers as
  // parts, each has the same rows of every frame, for which it is ready.
  const worker = (slot * parts + part) % pool.size;
  const request = meter.requestStarted(part);
  const sent = items.map((item) => copyForWorker(item, (bytes) => buffers.take(bytes)));
  const outBuffers = items.map((item) => buffers.take(resultBytes(item)));
  // A buffer that was transferred away has no size any more.
  const sizes = [...sent.map(({ frame }) => frame.buffer), ...outBuffers].map(({ byteLength }) => byteLength);
  const started = performance.now();
  try {
    const result = await pool.execute(worker, sent, outBuffers);
    for (const buffer of result.spent) buffers.give(buffer);
    meter.requestMeasured({ items: items.length, parts }, result, worker);
    tuner?.measure(worker, items.length, performance.now() - started, result);
    return result.frames;
  } catch (error) {
    for (const bytes of sizes) buffers.lose(bytes);
    throw error;
  } finally {
    request.end();
  }
}

/** Takes every frame of the input; waits where all requests are busy. What came before a failure of the input is still run. */
async function feed(input: FrameStream, executor: StageExecutor, options: DnnStageOptions): Promise<void> {
  try {
    for await (const frame of input.frames) {
      options.meter.frameIn();
      await executor.executeModel(
        frame,
        isEnabled(frame, input.info, options) ? [itemOf(frame, options)] : [],
      );
    }
  } finally {
    executor.end();
  }
}

/** The timeline's word about the next frame, which is given back to the pool where there is none. */
function isEnabled(frame: Frame, { timeBase }: NutStream, { timeline, buffers }: DnnStageOptions): boolean {
  try {
    return timeline?.isEnabled(frame, timeBase) ?? true;
  } catch (error) {
    buffers.give(frame.buffer);
    throw error;
  }
}

function itemOf(frame: Frame, { outWidth, outHeight, scaleFirst = false }: DnnStageOptions): FrameToInfer {
  return { frame, outWidth, outHeight, ...(scaleFirst ? { scaleFirst } : {}) };
}

/** What goes on for a frame: the result, or the frame itself where nothing was to be inferred. The caller's. */
function resultFrames(
  result: TaskResult<Frame, Frame>,
  info: NutStream,
  options: DnnStageOptions,
): readonly Frame[] {
  if (!result.ok) return replaceFailed(result, info, options);
  if (result.outputs.length === 0) return [result.inFrame];
  options.buffers.give(result.inFrame.buffer);
  return result.outputs;
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
