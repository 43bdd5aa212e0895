/** The pass that lets a network made for one image run several at once. */
import { DnnError } from '../base/errors.ts';
import type { BatchState } from './batch-rules.ts';
import { batchState, rowsPerImage } from './batch-rules.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { InferredShapes } from './infer-shapes.ts';
import { inferShapes } from './infer-shapes.ts';
import { inputShape, withInputShape } from './input-node.ts';
import { parseReference } from './node-reference.ts';
import { topologicalOrder } from './topological-order.ts';
import { unbakeBatch } from './unbake-batch.ts';

/** Frame sizes to analyse with, where the input's are open: most networks take one of these. */
const probeSizes: readonly (readonly [height: number, width: number])[] = [
  [64, 96],
  [256, 320],
  [512, 512],
  [224, 224],
  [240, 360],
  [480, 640],
  [720, 1280],
  [1080, 1920],
];

/** A free graph, or the first node that mixes the images of a batch. */
export type FreeBatchResult =
  | { readonly graph: Graph; readonly blockedBy?: undefined }
  | { readonly graph: Graph; readonly blockedBy: GraphNode };

/** The node that an error of inference is about. */
function nodeOf(error: unknown, graph: Graph): GraphNode {
  const layer = error instanceof DnnError ? error.details['layer'] : undefined;
  const node = graph.nodes.find((candidate) => candidate.name === layer);
  if (node === undefined) throw error;
  return node;
}

/**
 * A frame size that the network takes, as dimensions of the input with one
 * image; or the node that takes none.
 */
function findProbe(graph: Graph, input: GraphNode): number[] | GraphNode {
  const own = inputShape(graph, input.name);
  if (own?.length !== 4 || own[0]! > 1) return input;
  let refusing: GraphNode | undefined;
  for (const [height, width] of probeSizes) {
    const dims = [1, own[1]! < 0 ? height : own[1]!, own[2]! < 0 ? width : own[2]!, own[3]!];
    try {
      inferShapes(graph, { [input.name]: dims });
      return dims;
    } catch (error) {
      refusing ??= nodeOf(error, graph);
    }
  }
  return refusing!;
}

/** The first node that mixes images, producers first; undefined where there is none. */
function findMixer(
  graph: Graph,
  input: string,
  outputs: readonly string[],
  dims: readonly number[],
): GraphNode | undefined {
  let two: InferredShapes;
  let three: InferredShapes;
  try {
    two = inferShapes(graph, { [input]: dims.with(0, 2) });
    three = inferShapes(graph, { [input]: dims.with(0, 3) });
  } catch (error) {
    // With one image the sizes fit: the node that fails now has that batch written into it.
    return nodeOf(error, graph);
  }
  const states = new Map<string, BatchState>([[input, 'rows']]);
  const stateOf = (reference: string): BatchState => states.get(parseReference(reference).name) ?? 'fixed';
  for (const node of topologicalOrder(graph)) {
    if (node.name === input) continue;
    const state = batchState(node, stateOf, two, three);
    if (state === undefined) return node;
    states.set(node.name, state);
  }
  return outputs
    .filter((output) => stateOf(output) !== 'rows' || rowsPerImage(output, two, three) !== 1)
    .map((output) => graph.nodes.find((node) => node.name === output))
    .at(0);
}

/**
 * Sets the batch of the input to -1 where every node between it and the outputs treats images on their
 * own. Nodes with a baked batch of one (Reshape, Slice, StridedSlice, Conv2DBackpropInput) are
 * rewritten where that is possible.
 *
 * @param outputs names without output index.
 * @returns the free graph; or the graph as it was, with the first node that stands in the way (also a node
 *   that takes none of the sizes that are tried).
 */
export function freeBatch(graph: Graph, input: string, outputs: readonly string[]): FreeBatchResult {
  const inputNode = graph.nodes.find((node) => node.name === input)!;
  const dims = findProbe(graph, inputNode);
  if ('op' in dims) return { graph, blockedBy: dims };
  let free = withInputShape(graph, input, inputShape(graph, input)!.with(0, -1));
  const one = inferShapes(free, { [input]: dims });
  const rewritten = new Set<string>();
  for (;;) {
    const mixer = findMixer(free, input, outputs, dims);
    if (mixer === undefined) return { graph: free };
    const next = rewritten.has(mixer.name) ? undefined : unbakeBatch(free, mixer, one);
    if (next === undefined) return { graph, blockedBy: mixer };
    rewritten.add(mixer.name);
    free = next;
  }
}
