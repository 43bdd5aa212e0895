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
];

/** A free graph, or the first node that mixes the images of a batch. */
export type FreeBatchResult =
  | { readonly graph: Graph; readonly blockedBy?: undefined }
  | { readonly graph: Graph; readonly blockedBy: GraphNode };

/** A frame size that the network takes, as dimensions of the input with one image. */
function findProbe(graph: Graph, input: string): number[] | undefined {
  const own = inputShape(graph, input);
  if (own?.length !== 4) return undefined;
  let failure: DnnError | undefined;
  for (const [height, width] of probeSizes) {
    const dims = [1, own[1]! < 0 ? height : own[1]!, own[2]! < 0 ? width : own[2]!, own[3]!];
    try {
      inferShapes(graph, { [input]: dims });
      return dims;
    } catch (error) {
      if (!(error instanceof DnnError)) throw error;
      failure ??= error;
    }
  }
  // No size fits: the graph contradicts itself, and that is what the user should read.
  throw failure!;
}

/** The first node that mixes images, producers first; undefined where there is none. */
function findMixer(
  graph: Graph,
  input: string,
  outputs: readonly string[],
  dims: readonly number[],
): GraphNode | undefined {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  let two: InferredShapes;
  let three: InferredShapes;
  try {
    two = inferShapes(graph, { [input]: dims.with(0, 2) });
    three = inferShapes(graph, { [input]: dims.with(0, 3) });
  } catch (error) {
    // With one image the sizes fit: the node that fails now has that batch written into it.
    const layer = error instanceof DnnError ? error.details['layer'] : undefined;
    const node = typeof layer === 'string' ? byName.get(layer) : undefined;
    if (node === undefined) throw error;
    return node;
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
    .map((output) => byName.get(output))
    .at(0);
}

/**
 * Sets the batch of the input to -1 where every node between it and the outputs treats images on their own. Nodes with
 * a baked batch of one (Reshape, Slice, StridedSlice, Conv2DBackpropInput) are rewritten where that is possible.
 *
 * @param outputs names without output index.
 * @returns the free graph; or the graph as it was, with the first node that stands in the way.
 * @throws DnnError `EINVAL` where the graph contradicts itself for every size that was tried.
 */
export function freeBatch(graph: Graph, input: string, outputs: readonly string[]): FreeBatchResult {
  const inputNode = graph.nodes.find((node) => node.name === input)!;
  const own = inputShape(graph, input);
  const dims = findProbe(graph, input);
  if (own === null || dims === undefined || own[0]! > 1) return { graph, blockedBy: inputNode };
  let free = withInputShape(graph, input, own.with(0, -1));
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
