/** Finds convolutions in groups, which tfjs's kernels do not compute. */
import type { Graph } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { dataInputs } from '../../graph/node-attrs.ts';

/** Names of the nodes whose weights have the channels of one group only, as far as sizes are known. */
export function groupedConvolutions(graph: Graph): ReadonlySet<string> {
  const nodes = graph.nodes.filter(({ op }) =>
    ['Conv2D', '_FusedConv2D', 'Conv2DBackpropInput'].includes(op),
  );
  if (nodes.length === 0) return new Set();
  const shapes = inferShapes(graph);
  const grouped = nodes.filter((node) => {
    const [first, weights] = dataInputs(node);
    const image = node.op === 'Conv2DBackpropInput' ? node.name : first!;
    const [channels, each] = [shapes.shapeOf(image)?.[3] ?? -1, shapes.shapeOf(weights!)?.[2] ?? -1];
    return channels > 0 && each > 0 && channels !== each;
  });
  return new Set(grouped.map(({ name }) => name));
}
