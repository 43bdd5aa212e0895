/** A tfjs model (`model.json` and its shards), graph model or layers model, to a Graph. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { normaliseReference } from '../../graph/node-reference.ts';
import { AllocationBudget } from '../allocation-budget.ts';
import { checkGraph } from '../check-graph.ts';
import type { ReadFile } from '../model-format.ts';
import { JsonValue } from './json-value.ts';
import { readLayersModel } from './read-layers-model.ts';
import { readLibrary } from './read-library.ts';
import { readNode } from './read-node.ts';
import { readWeights } from './read-weights.ts';

/**
 * Reads a tfjs model. Weights become Const nodes, with quantisation undone; the signature is kept.
 *
 * @param bytes the JSON file.
 * @param path of the JSON file; shards are read relative to it.
 * @throws DnnError `EINVAL` naming the place in the file; `ENOENT` for a missing shard, with its path;
 *   `ENOSYS` for a layers model with layers that are not known.
 */
export async function readTfjsModel(bytes: Uint8Array, path: string, readFile: ReadFile): Promise<Graph> {
  const root = parse(bytes, path);
  const topology = root.at('modelTopology');
  if (topology.missing) throw root.error('has no modelTopology');
  const weights = await readWeights(root.at('weightsManifest'), readFile);
  if (isLayersModel(root)) return readLayersModel(root, weights);
  const budget = new AllocationBudget();
  const nodes = topology
    .at('node')
    .items()
    .map((node) => readNode(node, weights, budget))
    .map((node) => ({ ...node, inputs: node.inputs.map(normaliseReference) }));
  const library = readLibrary(topology.at('library'), weights, budget);
  const graph: Graph = { nodes, signature: readSignature(root), ...(library.length > 0 && { library }) };
  checkGraph(graph, path);
  return graph;
}

function parse(bytes: Uint8Array, path: string): JsonValue {
  try {
    return new JsonValue(JSON.parse(new TextDecoder().decode(bytes)) as unknown, path);
  } catch (error) {
    throw new DnnError(
      'EINVAL',
      `model '${path}': no valid JSON: ${errorMessage(error)}; the file is cut or damaged`,
      { option: 'model', file: path },
      { cause: error },
    );
  }
}

function isLayersModel(root: JsonValue): boolean {
  const topology = root.at('modelTopology');
  if (topology.missing) return false;
  if (root.at('format').value === 'layers-model' || !topology.at('model_config').missing) return true;
  // As tfjs itself writes it, without a config around the model (tfjs-layers · Model.save).
  return topology.at('node').missing && typeof topology.at('class_name').value === 'string';
}

/** Signature names to references; older converters write the signature into userDefinedMetadata. */
function readSignature(root: JsonValue): Graph['signature'] {
  const metadata = root.at('userDefinedMetadata');
  const signature =
    root.at('signature').missing && !metadata.missing ? metadata.at('signature') : root.at('signature');
  const side = (key: 'inputs' | 'outputs'): Record<string, string> => {
    const entries = signature.missing ? signature : signature.at(key);
    if (entries.missing) return {};
    return Object.fromEntries(
      entries.keys().map((name) => {
        const reference = entries.at(name).at('name');
        return [name, normaliseReference(reference.missing ? name : reference.name())];
      }),
    );
  };
  return { inputs: side('inputs'), outputs: side('outputs') };
}
