/**
 * What a worker makes of the outputs of a detection or classification model; plays the part
 * of ff_dnn_set_detect_post_proc.
 */
import type { AnalyticsPostProc } from '../dnn/run/analytics-runner.ts';
import type { AnalyticsOptions } from '../dnn/contract/analytics-spec.ts';
import { classifyBox } from './classify-box.ts';
import { detectBoxes } from './detect/detect-boxes.ts';

export function analyticsPostProc(options: AnalyticsOptions): AnalyticsPostProc {
  if (options.kind === 'detect') {
    return (outputs, frame, model) => ({
      kind: 'detect',
      bboxes: detectBoxes(outputs, options, frame, model),
    });
  }
  return (outputs) => {
    const classification = classifyBox(outputs[0]!, options);
    return { kind: 'classify', ...(classification === undefined ? {} : { classification }) };
  };
}
