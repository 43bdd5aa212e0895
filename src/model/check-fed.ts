/** Refuses networks that want more inputs than frames. */
import { DnnError } from '../base/errors.ts';
import type { Graph } from '../graph/graph.ts';
import { typeAttr } from '../graph/node-attrs.ts';
import { parseReference } from '../graph/node-reference.ts';
import { nodesByName } from '../graph/topological-order.ts';

/**
 * @param file path of the model, for the message.
 * @param input name of the node that frames are fed into; what is above it is not needed.
 * @param outputs names of the nodes that are read.
 * @throws DnnError `EINVAL` naming the inputs that nobody feeds.
 */
export function checkFed(graph: Graph, file: string, input: string, outputs: readonly string[]): void {
  const byName = nodesByName(graph);
  const seen = new Set([input]);
  const pending = [...outputs];
  const unfed: string[] = [];
  let isLearningPhase = false;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = byName.get(name);
    if (node === undefined || seen.has(name)) continue;
    seen.add(name);
    if (node.op === 'Placeholder' || node.op === 'PlaceholderV2') {
      const type = typeAttr(node, 'dtype') ?? 'float32';
      isLearningPhase ||= type === 'bool';
      unfed.push(`'${name}' (${type})`);
    }
    for (const reference of node.inputs) {
      const { name: producer, control } = parseReference(reference);
      if (!control) pending.push(producer);
    }
  }
  if (unfed.length === 0) return;
  const wayOut = isLearningPhase
    ? 'a switch between training and inference, as Keras has it, is to be frozen: tf.keras.backend.set_learning_phase(0) ' +
      'before the model is loaded, then freeze it'
    : 'export the model with the others as constants, or with one input';
  throw new DnnError(
    'EINVAL',
    `model '${file}': a filter feeds the input '${input}' only, and nobody feeds ${unfed.join(', ')}: ${wayOut}`,
    { option: 'model', file, inputs: unfed },
  );
}
