/** Frame processing in a DNN stage: a picture of each frame (DFT_PROCESS_FRAME). */
import type { InferenceRequest, RequestSplit } from '../../dnn/schedule/executor-options.ts';
import { copyForWorker, joinStrips, resultBytes } from '../../dnn/run/frame-strips.ts';
import type { FrameToInfer } from '../../dnn/run/frame-to-infer.ts';
import type { RowRange } from '../../dnn/contract/interface.ts';
import type { Frame } from '../../frame/frame.ts';
import { callWorker } from './call-worker.ts';
import type { StageWorkers } from './dnn-stage-options.ts';
import type { StageWork, StageWorkSetup } from './stage-work.ts';

export function processFrames({
  filter: { timeline },
  result: { outWidth, outHeight, scaleFirst = false, padded, stripRows = [] },
  workers,
  timeBase,
}: StageWorkSetup<'process'>): StageWork<FrameToInfer, Frame> {
  const size = {
    outWidth,
    outHeight,
    ...(scaleFirst ? { scaleFirst } : {}),
    ...(padded === undefined ? {} : { padded }),
  };
  const giveBack = (frame: Frame): void => {
    workers.buffers.give(frame.buffer);
  };
  return {
    items: (frame) => (timeline?.isEnabled(frame, timeBase) === false ? [] : [{ frame, ...size }]),
    execute: (request) => execute(request, workers),
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

function execute(request: InferenceRequest<FrameToInfer>, workers: StageWorkers): Promise<readonly Frame[]> {
  const { buffers } = workers;
  const items = request.items.map((item) => copyForWorker(item, (bytes) => buffers.take(bytes)));
  const outBuffers = request.items.map((item) => buffers.take(resultBytes(item)));
  const travelling = [...items.map(({ frame }) => frame.buffer), ...outBuffers];
  return callWorker(request, { kind: 'process', items, outBuffers }, travelling, workers);
}
