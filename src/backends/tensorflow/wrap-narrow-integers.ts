/** The pass that lets integers of 8 and 16 bits wrap, which tfjs holds in 32. */
import type { GraphNode } from '../../graph/graph.ts';
import { freshName } from '../../graph/graph-edits.ts';
import { typeAttr } from '../../graph/node-attrs.ts';
import { opNode } from '../../graph/node-builder.ts';
import { narrowTypes } from './json-node.ts';
import { narrowCast } from './kernels/cast-kernel.ts';

/** Ops whose result may be beyond their operands' type, `T`. */
const overflowing = new Set(
  'Abs Add AddN AddV2 Cumprod Cumsum Mul Neg Pow Prod Square SquaredDifference Sub Sum'.split(' '),
);

/** Puts a cast behind each of these ops; it takes the name that others know. */
export function wrapNarrowIntegers(nodes: readonly GraphNode[]): GraphNode[] {
  const taken = new Set(nodes.map(({ name }) => name));
  return nodes.flatMap((node) => {
    const type = overflowing.has(node.op) ? narrowTypes[typeAttr(node, 'T') ?? ''] : undefined;
    if (type === undefined) return [node];
    const name = freshName(taken, `${node.name}/exact`);
    return [{ ...node, name }, opNode(node.name, narrowCast, [name], type)];
  });
}
