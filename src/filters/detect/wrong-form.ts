/** What is said of outputs that do not have a form that the model type is read in. */
import { DnnError } from '../../base/errors.ts';
import type { DetectionModelType } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';

/** `[1, 1, 100, 7]` of each output, as they come. */
export function dimsText(outputs: readonly Pick<DNNData, 'dims'>[]): string {
  return outputs.map(({ dims }) => `[${dims.join(', ')}]`).join(' & ');
}

/**
 * An `EINVAL` that names the dims seen.
 *
 * @param expected the forms that are read, or what must be changed; the end of the message
 */
export function wrongForm(
  modelType: DetectionModelType,
  outputs: readonly Pick<DNNData, 'dims'>[],
  expected: string,
): DnnError {
  const subject = outputs.length === 1 ? 'the output' : `${outputs.length} outputs`;
  return new DnnError(
    'EINVAL',
    `dnn_detect: model_type=${modelType} does not read ${subject} ${dimsText(outputs)} (leading dimensions of 1 are filled in): ${expected}`,
    { filter: 'dnn_detect', option: 'model_type', modelType, dims: dimsText(outputs) },
  );
}
