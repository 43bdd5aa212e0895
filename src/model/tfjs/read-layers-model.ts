/** A tfjs layers model (Keras topology in JSON) to a Graph, without tfjs-layers. */
import { DnnError } from '../../base/errors.ts';
import type { Graph, Tensor } from '../../graph/graph.ts';
import { checkGraph } from '../check-graph.ts';
import type { JsonValue } from './json-value.ts';
import { KerasTopology } from './keras-topology.ts';

/**
 * Reads the topology of a layers model. Nodes have the names of the layers; the
 * signature names inputs and outputs.
 *
 * @param root the whole JSON file.
 * @param weights the tensors of its manifest, by name.
 * @throws DnnError `ENOSYS` naming every layer class that is not known,
 * `EINVAL` naming the place in the file.
 */
export function readLayersModel(root: JsonValue, weights: ReadonlyMap<string, Tensor>): Graph {
  const topology = root.at('modelTopology');
  const model = topology.at('model_config').missing ? topology : topology.at('model_config');
  const reader = new KerasTopology(weights);
  const { inputs, outputs } = reader.read(model);
  if (reader.unknown.size > 0) {
    const list = [...reader.unknown].map(([className, name]) => `${className} ('${name}')`);
    throw new DnnError(
      'ENOSYS',
      `model '${root.file}': layers that are not supported: ${list.join(', ')}; convert it with ` +
        '`tensorflowjs_converter --input_format=tfjs_layers_model --output_format=tfjs_graph_model`',
      { option: 'model', file: root.file, layers: [...reader.unknown.keys()] },
    );
  }
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, name]));
  const graph: Graph = {
    nodes: reader.nodes,
    signature: { inputs: named(inputs), outputs: named(outputs) },
  };
  checkGraph(graph, root.file);
  return graph;
}
