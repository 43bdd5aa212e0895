/**
 * Detection and classification in a DNN stage: frames pass as they are, with side data. Mirrors
 * dnn_detect_post_proc and dnn_classify_post_proc of libavfilter/vf_dnn_detect.c and vf_dnn_classify.c.
 */
import type { Logger } from '../../base/log.ts';
import type { AnalyticsResult, ClassifyOptions } from '../../dnn/contract/analytics-spec.ts';
import type { InferenceRequest } from '../../dnn/schedule/executor-options.ts';
import { appendClassifications, boxesToClassify, detectionSource } from '../../filters/classify-box.ts';
import { copyFrame } from '../../frame/copy-frame.ts';
import { cropFrame } from '../../frame/crop-frame.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import type { Frame } from '../../frame/frame.ts';
import { callWorker } from './call-worker.ts';
import type { StageFilter, StageWorkers } from './dnn-stage-options.ts';
import type { StageWork, StageWorkSetup } from './stage-work.ts';

/** A frame to look for boxes in, or a box of it to classify. */
export interface FrameToAnalyse {
  readonly frame: Frame;
  readonly box?: DetectionBBox;
}

/** The part of the work that needs no workers. */
type Analysis = Pick<StageWork<FrameToAnalyse, AnalyticsResult>, 'items' | 'finish'>;

export function analyseFrames({
  filter,
  workers,
  log,
}: StageWorkSetup<'analyse'>): StageWork<FrameToAnalyse, AnalyticsResult> {
  return {
    ...analysis(filter, log),
    execute: (request) => execute(request, workers),
    discard: () => undefined,
  };
}

/** Where to look in a frame, and the frame with what was found there. */
export function analysis(
  { text, model, task }: Pick<StageFilter<'analyse'>, 'text' | 'model' | 'task'>,
  log: Logger,
): Analysis {
  const { options } = task.setup;
  if (options.kind === 'classify') return classification(options, model);
  let hasWarned = false;
  return {
    items: (frame) => {
      if (frame.detections === undefined) return [{ frame }];
      if (!hasWarned) log('warning', `${text}: frames with boxes of an earlier filter pass as they are`);
      hasWarned = true;
      return [];
    },
    finish: (inFrame, [result]) => {
      if (result?.kind !== 'detect' || result.bboxes.length === 0) return inFrame;
      return { ...inFrame, detections: { source: detectionSource(model), bboxes: result.bboxes } };
    },
  };
}

function classification(options: ClassifyOptions, model: string): Analysis {
  const chosen = (frame: Frame): readonly number[] => boxesToClassify(frame, options);
  return {
    items: (frame) => chosen(frame).map((index) => ({ frame, box: frame.detections!.bboxes[index]! })),
    finish: (inFrame, results) => {
      if (results.length === 0 || inFrame.detections === undefined) return inFrame;
      const found = new Map(
        chosen(inFrame).map((index, at) => {
          const result = results[at]!;
          return [index, result.kind === 'classify' ? result.classification : undefined];
        }),
      );
      return { ...inFrame, detections: appendClassifications(inFrame.detections, found, model) };
    },
  };
}

function execute(
  request: InferenceRequest<FrameToAnalyse>,
  workers: StageWorkers,
): Promise<readonly AnalyticsResult[]> {
  const take = (bytes: number): ArrayBuffer => workers.buffers.take(bytes);
  const items = request.items.map(({ frame, box }) =>
    box === undefined ? copyFrame(frame, take) : cropFrame(frame, box, take),
  );
  const travelling = items.map(({ buffer }) => buffer);
  return callWorker(request, { kind: 'analyse', items, outBuffers: [] }, travelling, workers);
}
