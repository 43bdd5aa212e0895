/** Frame processing in a DNN stage: a picture of each frame (DFT_PROCESS_FRAME). */
import type { InferenceRequest, RequestSplit } from '../../dnn/schedule/executor-options.ts';
import { copyForWorker, joinStrips, resultBytes } from '../../dnn/run/frame-strips.ts';
import type { FrameToInfer } from '../../dnn/run/frame-to-infer.ts';
import type { RowRange } from '../../dnn/contract/interface.ts';
import type { Frame } from '../../frame/frame.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import { callWorker } from './call-worker.ts';
import type { DnnStageOptions } from './dnn-stage-options.ts';
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
  request: InferenceRequest<FrameToInfer>,
  stage: DnnStageOptions,
): Promise<readonly Frame[]> {
  const { pool, buffers } = stage;
  const sent = request.items.map((item) => copyForWorker(item, (bytes) => buffers.take(bytes)));
  const outBuffers = request.items.map((item) => buffers.take(resultBytes(item)));
  const travelling = [...sent.map(({ frame }) => frame.buffer), ...outBuffers];
  const { frames } = await callWorker(request, travelling, stage, (worker) =>
    pool.execute(worker, sent, outBuffers),
  );
  return frames;
}
