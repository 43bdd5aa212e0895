/** The kind of a detector by the shapes of its outputs. */
import { DnnError } from '../../base/errors.ts';
import type { DetectionModelType } from '../../dnn/contract/analytics-spec.ts';
import type { DetectorForm, ModelShape, OutputShape } from './detector.ts';
import { detectors } from './detectors.ts';
import { centernetForm } from './yolo-end2end.ts';

/** A kind with the outputs that it reads. */
export interface RecognisedDetector {
  readonly modelType: DetectionModelType;
  readonly outputs: readonly OutputShape[];
}

const forms: readonly DetectorForm[] = [...Object.values(detectors), centernetForm];

/**
 * Finds the kind that has outputs of such shapes for a picture of this size.
 *
 * @param path of the model, for the message.
 * @returns undefined where no kind of today has: then it is one of FFmpeg's.
 * @throws DnnError `EINVAL` where several kinds have them, with what to write for each.
 */
export function recogniseDetector(model: ModelShape, path: string): RecognisedDetector | undefined {
  const found = forms.flatMap((form) => {
    const outputs = form.pick(model);
    return outputs === undefined ? [] : [{ form, outputs }];
  });
  const [only, ...more] = found;
  if (only === undefined) return undefined;
  if (more.length === 0) return { modelType: only.form.name, outputs: only.outputs };
  const ways = found.map(({ form }) => `model_type=${form.name} for ${form.what}`);
  throw new DnnError(
    'EINVAL',
    `option model_type: '${path}' gives ${shapesText(only.outputs)}, which several kinds of detectors do: write ${ways.join(', or ')}`,
    { option: 'model_type', file: path, candidates: found.map(({ form }) => form.name) },
  );
}

/** `output0 [1, 84, 8400]` of each. */
export function shapesText(outputs: readonly OutputShape[]): string {
  return outputs.map(({ name, dims }) => `${name} [${dims.join(', ')}]`).join(' & ');
}
