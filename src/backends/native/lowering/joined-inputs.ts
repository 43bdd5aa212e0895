/** Finds convolutions of 1x1 over tensors side by side, which read these in place. */
import type { GraphNode } from '../../../graph/graph.ts';
import { consumersByName } from '../../../graph/graph-edits.ts';
import { dataInputs, intsAttr } from '../../../graph/node-attrs.ts';
import { plainOp } from './fused-ops.ts';
import type { FusionContext } from './find-fusions.ts';

/** The convolutions of a graph that need no copy of their inputs. */
export interface JoinedInputs {
  /** By a convolution's name, the references that its input joins. */
  readonly byConvolution: ReadonlyMap<string, readonly string[]>;
  /** Names of the Concat nodes that are left out. */
  readonly absorbed: ReadonlySet<string>;
}

/** The joined references where the node joins along the last of four axes tensors of as many channels. */
function partsOf(node: GraphNode, { constantOf, shapeOf }: FusionContext): readonly string[] | undefined {
  const inputs = dataInputs(node);
  const isOld = node.op === 'Concat';
  if (!isOld && node.op !== 'ConcatV2') return undefined;
  const parts = isOld ? inputs.slice(1) : inputs.slice(0, -1);
  const axis = Number(constantOf(isOld ? inputs[0] : inputs.at(-1))?.data[0]);
  if (parts.length < 2 || (axis !== -1 && axis !== 3)) return undefined;
  const channels = shapeOf(parts[0]!)?.[3];
  const fits = (part: string): boolean =>
    constantOf(part) === undefined && shapeOf(part)?.length === 4 && shapeOf(part)?.[3] === channels;
  return parts.every(fits) ? parts : undefined;
}

/** @param nodes those that become layers, in topological order. */
export function findJoinedInputs(nodes: readonly GraphNode[], context: FusionContext): JoinedInputs {
  const consumers = consumersByName(context.graph);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const byConvolution = new Map<string, readonly string[]>();
  const absorbed = new Set<string>();
  for (const node of nodes) {
    if (plainOp(node.op) !== 'Conv2D') continue;
    const [input, weights] = dataInputs(node);
    const concat = byName.get(input!);
    const shape = context.constantOf(weights)?.shape;
    if (concat === undefined || shape?.[0] !== 1 || shape[1] !== 1) continue;
    if (consumers.get(concat.name)?.length !== 1 || context.outputs.has(concat.name)) continue;
    const [from, to] = [context.shapeOf(concat.name), context.shapeOf(node.name)];
    // Without stride and padding; all channels in one group.
    const isPlain =
      intsAttr(node, 'strides').every((stride) => stride === 1) &&
      from?.[1] === to?.[1] &&
      from?.[2] === to?.[2] &&
      from?.[3] === shape[2];
    const parts = isPlain ? partsOf(concat, context) : undefined;
    if (parts === undefined) continue;
    byConvolution.set(node.name, parts);
    absorbed.add(concat.name);
  }
  return { byConvolution, absorbed };
}
