/** Files beside a model that hold tensors of it (onnx/docs/ExternalData.md). */
import { DnnError, errorMessage } from '../../../base/errors.ts';
import type { ReadFile } from '../../model-format.ts';
import type { ExternalFiles } from './decode-tensor.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto } from './onnx-messages.ts';

function* tensorsOfNodes(nodes: readonly NodeProto[]): Generator<TensorProto> {
  for (const { attributes } of nodes) {
    for (const { t, g } of attributes.values()) {
      if (t !== undefined) yield t;
      if (g !== undefined) yield* tensorsOf(g);
    }
  }
}

function* tensorsOf({ initializers, nodes }: GraphProto): Generator<TensorProto> {
  yield* initializers;
  yield* tensorsOfNodes(nodes);
}

/** True for a path that stays in the model's folder. */
function staysInside(location: string): boolean {
  const parts = location.split('/');
  return location !== '' && !/[\\\p{Cc}]/u.test(location) && !parts.some((part) => /^(\.\.)?$/.test(part));
}

/**
 * Reads the files that tensors of a model name.
 *
 * @param path of the model: the files stand in its folder, or below it.
 * @throws DnnError `EINVAL` for a name that leads out of the folder, `ENOENT` for a missing file.
 */
export async function readExternalFiles(
  model: ModelProto,
  path: string,
  readFile: ReadFile,
): Promise<ExternalFiles> {
  const locations = new Map<string, TensorProto>();
  for (const source of [tensorsOf(model.graph), ...model.functions.map(({ nodes }) => tensorsOfNodes(nodes))])
    for (const tensor of source)
      if (tensor.external !== undefined) locations.set(tensor.external.location, tensor);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const files = new Map<string, Uint8Array>();
  for (const [location, { name, offset }] of locations) {
    if (!staysInside(location)) {
      throw new DnnError(
        'EINVAL',
        `model '${path}': tensor '${name}' at byte ${offset} has its data in '${location}', which is no file in the ` +
          "model's folder; save the model again with its data beside it",
        { option: 'model', file: path, layer: name, offset },
      );
    }
    try {
      files.set(location, await readFile(`${folder}${location}`));
    } catch (error) {
      throw new DnnError(
        'ENOENT',
        `model '${path}': cannot read its weights, looked for in '${folder}${location}': ${errorMessage(error)}; keep ` +
          'this file in the folder of the .onnx, under its name',
        { option: 'model', file: `${folder}${location}` },
        { cause: error },
      );
    }
  }
  return files;
}
