/**
 * Detection and classification in a DNN stage: frames pass as they are, with side data. Mirrors dnn_detect_post_proc and
 * dnn_classify_post_proc of libavfilter/vf_dnn_detect.c and vf_dnn_classify.c.
 */
import type { AnalyticsResult, ClassifyOptions } from '../../dnn/contract/analytics-spec.ts';
import type { InferenceRequest } from '../../dnn/schedule/executor-options.ts';
import { appendClassifications, boxesToClassify, detectionSource } from '../../filters/classify-box.ts';
import { copyFrame } from '../../frame/copy-frame.ts';
import { cropFrame } from '../../frame/crop-frame.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import type { Frame } from '../../frame/frame.ts';
import { callWorker } from './call-worker.ts';
import type { DnnStageOptions, StageAnalytics } from './dnn-stage-options.ts';
import type { StageWork } from './stage-work.ts';

/** A frame to look for boxes in, or a box of it to classify. */
export interface FrameToAnalyse {
  readonly frame: Frame;
  readonly box?: DetectionBBox;
}

export function analyseFrames(
  { options, model }: StageAnalytics,
  stage: DnnStageOptions,
): StageWork<FrameToAnalyse, AnalyticsResult> {
  const common = {
    execute: (request: InferenceRequest<FrameToAnalyse>) => execute(request, stage),
    discard: () => undefined,
  };
  if (options.kind === 'classify') return { ...common, ...classification(options, model) };
  let hasWarned = false;
  return {
    ...common,
    items: (frame) => {
      if (frame.detections === undefined) return [{ frame }];
      if (!hasWarned)
        stage.log('warning', `${stage.filter}: frames with boxes of an earlier filter pass as they are`);
      hasWarned = true;
      return [];
    },
    finish: (inFrame, [result]) => {
      if (result?.kind !== 'detect' || result.bboxes.length === 0) return inFrame;
      return { ...inFrame, detections: { source: detectionSource(model), bboxes: result.bboxes } };
    },
  };
}

function classification(
  options: ClassifyOptions,
  model: string,
): Pick<StageWork<FrameToAnalyse, AnalyticsResult>, 'items' | 'finish'> {
  const chosen = (frame: Frame): readonly number[] => boxesToClassify(frame, options);
  return {
    items: (frame) => chosen(frame).map((index) => ({ frame, box: frame.detections!.bboxes[index]! })),
    finish: (inFrame, results) => {
      if (results.length === 0 || inFrame.detections === undefined) return inFrame;
      const found = new Map(
        chosen(inFrame).map((index, place) => {
          const result = results[place]!;
          return [index, result.kind === 'classify' ? result.classification : undefined];
        }),
      );
      return { ...inFrame, detections: appendClassifications(inFrame.detections, found, model) };
    },
  };
}

async function execute(
  request: InferenceRequest<FrameToAnalyse>,
  stage: DnnStageOptions,
): Promise<readonly AnalyticsResult[]> {
  const { pool, buffers } = stage;
  const take = (bytes: number): ArrayBuffer => buffers.take(bytes);
  const sent = request.items.map(({ frame, box }) =>
    box === undefined ? copyFrame(frame, take) : cropFrame(frame, box, take),
  );
  const travelling = sent.map(({ buffer }) => buffer);
  const { results } = await callWorker(request, travelling, stage, (worker) => pool.analyse(worker, sent));
  return results;
}
