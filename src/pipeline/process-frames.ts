/** Frame processing in a DNN stage: a picture of each frame (DFT_PROCESS_FRAME). */
import type { InferenceRequest, RequestSplit } from '../dnn/executor-options.ts';
import { copyForWorker, joinStrips, resultBytes } from '../dnn/frame-strips.ts';
import type { FrameToInfer } from '../dnn/inference-runner.ts';
import type { RowRange } from '../dnn/interface.ts';
import type { Frame } from '../frame/frame.ts';
import type { NutStream } from '../media/nut/nut-stream.ts';
import type { DnnStageOptions } from './dnn-stage.ts';
import type { StageWork } from './stage-work.ts';

/** @param input the frames that come. */
export function processFrames(
  options: DnnStageOptions,
  input: Pick<NutStream, 'timeBase'>,
): StageWork<FrameToInfer, Frame> {
  const { buffers, outWidth, outHeight, scaleFirst = false, timeline, stripRows = [] } = options;
  const size = { outWidth, outHeight, ...(scaleFirst ? { scaleFirst } : {}) };
  const giveBack = (frame: Frame): void => {
    buffers.give(frame.buffer);
  };
  return {
    items: (frame) => (timeline?.isEnabled(frame, input.timeBase) === false ? [] : [{ frame, ...size }]),
    execute: (request) => execute(request, options),
    finish: (inFrame, [result]) => {
      if (result === undefined) return inFrame;
      giveBack(inFrame);
      // av_frame_copy_props: what was detected before goes on with the frame.
      return inFrame.detections === undefined ? result : { ...result, detections: inFrame.detections };
    },
    discard: giveBack,
    parts: splitIntoStrips(stripRows, giveBack),
  };
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
