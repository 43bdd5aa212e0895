/** An order in which every node follows its producers, and the checks that make one possible. */
import { DnnError } from '../base/errors.ts';
import type { Graph, GraphNode } from './graph.ts';
import { parseReference } from './node-reference.ts';

/** A loop of TensorFlow 1 closes with an edge from NextIteration to Merge; no other cycle is legal. */
function closesLoop(producer: GraphNode, consumer: GraphNode): boolean {
  return (
    (producer.op === 'NextIteration' || producer.op === 'RefNextIteration') &&
    (consumer.op === 'Merge' || consumer.op === 'RefMerge')
  );
}

/** The nodes by name. @throws DnnError `EINVAL` where two nodes share a name. */
export function nodesByName(graph: Graph): Map<string, GraphNode> {
  const byName = new Map<string, GraphNode>();
  for (const node of graph.nodes) {
    if (byName.has(node.name)) {
      throw new DnnError(
        'EINVAL',
        `model graph: two nodes have the name '${node.name}'; names must be unique`,
        {
          layer: node.name,
        },
      );
    }
    byName.set(node.name, node);
  }
  return byName;
}

/** Producers of each node, by position in `graph.nodes`, without the edges that close a loop. */
function producersOf(graph: Graph): number[][] {
  const byName = nodesByName(graph);
  const position = new Map(graph.nodes.map((node, index) => [node.name, index]));
  return graph.nodes.map((node) => {
    const producers: number[] = [];
    for (const input of node.inputs) {
      const { name } = parseReference(input);
      const producer = byName.get(name);
      if (producer === undefined) {
        throw new DnnError(
          'EINVAL',
          `model graph: node '${node.name}' (${node.op}) takes '${input}', but no node has that name; ` +
            'the graph was cut: export it again with all nodes that its outputs need',
          { layer: node.name, op: node.op, input },
        );
      }
      if (!closesLoop(producer, node)) producers.push(position.get(name)!);
    }
    return producers;
  });
}

/**
 * All nodes, producers first; nodes keep their file order where that allows it.
 *
 * @throws DnnError `EINVAL` naming the nodes: same name twice, an input that does not exist, a cycle (the
 *   loops of control flow, NextIteration → Merge, are none).
 */
export function topologicalOrder(graph: Graph): GraphNode[] {
  const producers = producersOf(graph);
  const order: GraphNode[] = [];
  // 0 = not seen, 1 = on the stack, 2 = done. An explicit stack: deep networks overflow a recursive walk.
  const state = new Uint8Array(graph.nodes.length);
  const nextInput = new Int32Array(graph.nodes.length);
  for (let start = 0; start < graph.nodes.length; start++) {
    if (state[start] !== 0) continue;
    const stack = [start];
    state[start] = 1;
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const producer = producers[top]![nextInput[top]!++];
      if (producer === undefined) {
        state[top] = 2;
        order.push(graph.nodes[top]!);
        stack.pop();
      } else if (state[producer] === 0) {
        state[producer] = 1;
        stack.push(producer);
      } else if (state[producer] === 1) {
        throw cycleError(graph, stack.slice(stack.indexOf(producer)));
      }
    }
  }
  return order;
}

function cycleError(graph: Graph, members: readonly number[]): DnnError {
  const names = members.map((index) => graph.nodes[index]!.name).reverse();
  const shown = names.length > 6 ? [...names.slice(0, 5), `… (${names.length} nodes)`] : names;
  return new DnnError(
    'EINVAL',
    `model graph: the nodes ${shown.map((name) => `'${name}'`).join(' → ')} form a cycle; only loops through ` +
      'NextIteration and Merge are allowed',
    { layer: names[0] },
  );
}
