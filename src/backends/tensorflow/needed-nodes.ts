/** The part of a graph that one run executes. */
import type { Graph, GraphNode } from '../../graph/graph.ts';
import { parseReference } from '../../graph/node-reference.ts';
import { nodesByName } from '../../graph/topological-order.ts';
import { DnnError } from '../../base/errors.ts';

/**
 * The nodes that the outputs need when `input` is fed, in file order. Producers of the input node are not
 * among them: its value is given. Frozen graphs often carry savers, losses and summaries that no frame needs.
 *
 * @throws DnnError `EINVAL` for a name that the graph does not have, or a reference to a missing node.
 */
export function neededNodes(graph: Graph, input: string, outputs: readonly string[]): readonly GraphNode[] {
  const byName = nodesByName(graph);
  requireNode(byName, 'input', input);
  for (const output of outputs) requireNode(byName, 'output', output);
  const needed = new Set<string>([input]);
  const pending = [...outputs];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const node = byName.get(name)!;
    for (const reference of node.inputs) {
      const producer = parseReference(reference).name;
      if (!byName.has(producer)) {
        throw new DnnError(
          'EINVAL',
          `model graph: node '${name}' (${node.op}) takes '${reference}', but no node has that name.`,
          { layer: name, op: node.op, input: reference },
        );
      }
      pending.push(producer);
    }
  }
  return graph.nodes.filter((node) => needed.has(node.name));
}

function requireNode(byName: ReadonlyMap<string, GraphNode>, option: string, name: string): void {
  if (byName.has(name)) return;
  throw new DnnError('EINVAL', `${option}=${name}: the model has no node of that name.`, { option, name });
}
