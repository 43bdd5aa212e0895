/** An ONNX model (ModelProto, with the files beside it that hold its weights) to a Graph. */
import { DnnError } from '../../base/errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { checkGraph } from '../check-graph.ts';
import { labelsOfMetadata } from '../labels.ts';
import type { ModelFile, ReadFile, ReadModelOptions } from '../model-format.ts';
import { readExternalFiles } from './proto/external-data.ts';
import { readModelProto } from './proto/read-model-proto.ts';
import { GraphReader } from './graph-reader.ts';

/** The oldest operator set whose ops broadcast as today's do. */
const oldestOpset = 7;

/**
 * Reads an ONNX model. Nodes have the names of the values that they give; the signature has the names of the
 * model's inputs and outputs. Layouts stay as they are (NCHW, as a rule). Floats of all sizes become float32.
 *
 * @param bytes the .onnx.
 * @param path of it; external data is read from the same folder.
 * @throws DnnError `EINVAL` with the byte offset; `ENOENT` for a missing file of weights, with its path;
 *   `ENOSYS` naming every operator that is not known, all of them at once.
 */
export async function readOnnxModel(
  bytes: Uint8Array,
  path: string,
  readFile: ReadFile,
  options: ReadModelOptions = {},
): Promise<ModelFile> {
  const model = readModelProto(bytes, path);
  const version = model.opsets.get('') ?? 1;
  if (version < oldestOpset && model.opsets.has('')) {
    throw new DnnError(
      'ENOSYS',
      `model '${path}' uses the operators of opset ${version}; those from opset ${oldestOpset} on are read: convert it ` +
        'with onnx.version_converter, or export it again',
      { option: 'model', file: path },
    );
  }
  const external = await readExternalFiles(model, path, readFile);
  const reader = new GraphReader(model, { file: path, external }, options.inputResizable ?? false);
  const graph: Graph = reader.read();
  checkGraph(graph, path);
  const labels = labelsOfMetadata(model.metadata.get('names') ?? '');
  return { graph, ...(labels === undefined ? {} : { labels }) };
}
