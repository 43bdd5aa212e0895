/** Refusals of files whose content says nothing, by what stands beside them. */
import { DnnError } from '../base/errors.ts';
import type { ModelFormat, ReadFile } from './model-format.ts';
import { modelFormats, recogniseModel } from './model-formats.ts';

/** The file of the model that a checkpoint's weights belong to. */
function checkpointModel(path: string): string | undefined {
  const weights = /\.(data-\d+-of-\d+|index)$/i;
  return weights.test(path) ? path.replace(weights, '.meta') : undefined;
}

async function readIfThere(path: string, readFile: ReadFile): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}

function holdsWeights(path: string, what: string, instead: string): DnnError {
  return new DnnError(
    'EINVAL',
    `option model: '${path}' holds the weights of ${what}, not the model itself; ${instead}`,
    { option: 'model', file: path },
  );
}

/**
 * The refusal of the weights of a model where the model itself belongs; undefined where the name tells
 * nothing, or the model is not beside it.
 */
export async function refusalByName(path: string, readFile: ReadFile): Promise<DnnError | undefined> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const formats: readonly ModelFormat[] = modelFormats;
  for (const format of formats) {
    const modelName = format.filesBeside?.modelOf(name);
    if (modelName === undefined) continue;
    const model = path.slice(0, path.length - name.length) + modelName;
    const bytes = await readIfThere(model, readFile);
    if (bytes !== undefined && recogniseModel(bytes) === format)
      return holdsWeights(path, format.what, `give model=${model}`);
  }
  const checkpoint = checkpointModel(path);
  if (checkpoint === undefined || (await readIfThere(checkpoint, readFile)) === undefined) return undefined;
  const instead = 'freeze the graph with freeze_graph and give the .pb that it writes';
  return holdsWeights(path, 'a checkpoint', instead);
}
