/** All passes in the order in which they help each other. */
import { channelsLast } from './channels-last.ts';
import { dropIdentity } from './drop-identity.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { foldConstants } from './fold-constants.ts';
import { foldSpaceToBatch } from './fold-space-to-batch.ts';
import { freeBatch } from './free-batch.ts';
import { fuseConvolution } from './fuse-convolution.ts';
import { fuseLeakyRelu } from './fuse-leaky-relu.ts';
import type { Graph, GraphNode, Shape } from './graph.ts';
import { cutAtInput, inputShape, withInputShape } from './input-node.ts';
import { removeDeadNodes } from './remove-dead-nodes.ts';

export interface OptimizeOptions {
  /** Name of the node that is fed, without output index. */
  readonly input: string;
  /** Names of the nodes that are read. */
  readonly outputs: readonly string[];
  /**
   * Sizes that the input will always have, by node name, -1 where open. What depends on them becomes
   * constant, and the graph is good for these sizes only.
   */
  readonly sizes?: Readonly<Record<string, readonly number[]>>;
}

export interface OptimizedGraph {
  readonly graph: Graph;
  /** True where the graph takes any number of images in one run. */
  readonly batchFree: boolean;
  /** Where it is not: the first node in the way, as `'name' (Op)`. */
  readonly batchBlockedBy?: string;
  /** What was done, one line each, for a log. */
  readonly notes: readonly string[];
}

const fusedOps = ['_FusedConv2D', 'FusedDepthwiseConv2dNative'];

function count(graph: Graph, ...ops: string[]): number {
  return graph.nodes.filter((node) => ops.includes(node.op)).length;
}

function describe(node: GraphNode): string {
  return `'${node.name}' (${node.op})`;
}

/** The input's shape with the sizes that are asked for. */
function requestedShape(graph: Graph, { input, sizes }: OptimizeOptions): Shape {
  const own = inputShape(graph, input);
  const asked = sizes?.[input];
  if (asked === undefined) return own;
  return asked.map((size, axis) => (size < 0 ? (own?.[axis] ?? -1) : size));
}

/**
 * Optimises a graph for inference. The result computes the same function under
 * the same input and output names.
 *
 * @throws DnnError `EINVAL` for an output that does not exist, and where the graph
 * contradicts itself or the sizes.
 */
export function optimizeGraph(original: Graph, options: OptimizeOptions): OptimizedGraph {
  const { input, outputs } = options;
  const kept = new Set([input, ...outputs]);
  const notes: string[] = [];
  let graph = removeDeadNodes(cutAtInput(original, input), [input], outputs);
  const shape = requestedShape(graph, options);
  // Until the batch is known to be fixed nothing may be computed from a batch of one.
  if (shape !== null) graph = withInputShape(graph, input, shape[0] === 1 ? shape.with(0, -1) : shape);

  const identities = count(graph, 'Identity');
  graph = dropIdentity(graph, kept);
  note(notes, identities - count(graph, 'Identity'), 'Identity nodes dropped');
  graph = removeDeadNodes(foldConstants(graph, kept), [input], outputs);
  const turned = channelsLast(graph, outputs);
  if (turned !== graph) {
    notes.push('convolutions turned to channels last');
    graph = removeDeadNodes(foldConstants(dropIdentity(turned, kept), kept), [input], outputs);
  }
  const dilated = foldSpaceToBatch(graph, input, kept);
  note(notes, dilated.folded, 'SpaceToBatchND groups folded into dilated convolutions');
  const normal = foldBatchNorm(fuseLeakyRelu(dilated.graph), kept);
  note(notes, normal.folded, 'batch normalisations or products folded into convolutions');
  graph = normal.graph;
  const fused = count(graph, ...fusedOps);
  graph = fuseConvolution(removeDeadNodes(graph, [input], outputs), kept);
  note(notes, count(graph, ...fusedOps) - fused, 'convolutions fused with bias or activation');

  const batch = freeBatch(graph, input, outputs);
  graph = batch.graph;
  if (batch.blockedBy !== undefined && shape !== null) graph = withInputShape(graph, input, shape);
  graph = removeDeadNodes(foldConstants(graph, kept), [input], outputs);
  notes.push(`${original.nodes.length} nodes, ${graph.nodes.length} left`);
  if (batch.blockedBy === undefined) return { graph, batchFree: true, notes };
  const batchBlockedBy = describe(batch.blockedBy);
  notes.push(`the batch is fixed: node ${batchBlockedBy} does not treat images on their own`);
  return { graph, batchFree: false, batchBlockedBy, notes };
}

function note(notes: string[], times: number, what: string): void {
  if (times > 0) notes.push(`${times} ${what}`);
}
