/** Refusals of files whose content says nothing, by what stands beside them. */
import { DnnError } from '../base/errors.ts';
import { recogniseModel } from './model-format.ts';

type ReadFile = (path: string) => Promise<Uint8Array>;

/** Files of weights, and the file of the model that they belong to. */
const models: readonly (readonly [pattern: RegExp, model: (path: string) => string, what: string])[] = [
  [/\.bin$/i, (path) => path.replace(/\.bin$/i, '.xml'), 'an OpenVINO model'],
  [/\.bin$/i, (path) => path.replace(/[^/]*$/, 'model.json'), 'a tfjs model'],
  [
    /\.data-\d+-of-\d+$|\.index$/i,
    (path) => `${path.replace(/\.(data-\d+-of-\d+|index)$/i, '')}.meta`,
    'a checkpoint',
  ],
];

/**
 * The refusal of the weights of a model where the model itself belongs; undefined where the name tells nothing, or the
 * model is not beside it.
 */
export async function refusalByName(path: string, readFile: ReadFile): Promise<DnnError | undefined> {
  for (const [pattern, modelOf, what] of models) {
    if (!pattern.test(path)) continue;
    const model = modelOf(path);
    try {
      const format = recogniseModel(await readFile(model));
      if (what === 'an OpenVINO model' && format !== 'openvino') continue;
      if (what === 'a tfjs model' && format !== 'tfjs') continue;
    } catch {
      continue;
    }
    const instead =
      what === 'a checkpoint'
        ? 'freeze the graph with freeze_graph and give the .pb that it writes'
        : `give model=${model}`;
    return new DnnError(
      'EINVAL',
      `option model: '${path}' holds the weights of ${what}, not the model itself; ${instead}`,
      { option: 'model', file: path },
    );
  }
  return undefined;
}
