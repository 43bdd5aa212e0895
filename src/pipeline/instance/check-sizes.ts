/** Finds what a model makes too large for any machine, before workers load it. */
import { DnnError } from '../../base/errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { inputShape } from '../../graph/input-node.ts';

/** Rows and columns of the picture that is tried where the model takes any. */
const trialSize = 256;

/**
 * Tries a picture's size on the graph, for what grows with it: sizes that the model
 * itself says are checked by every inference.
 *
 * @throws DnnError `ENOMEM` naming the node that makes a tensor too large for any machine.
 */
export function checkSizes(graph: Graph, input: string): void {
  const shape = inputShape(graph, input);
  if (shape?.length !== 4) return;
  const [, height, width, channels] = shape as [number, number, number, number];
  const known = (size: number, otherwise: number): number => (size > 0 ? size : otherwise);
  const size = [1, known(height, trialSize), known(width, trialSize), known(channels, 3)];
  try {
    inferShapes(graph, { [input]: size });
  } catch (thrown) {
    // A size of our choice may be one that the network cannot take; frames of the right one will tell.
    if (thrown instanceof DnnError && thrown.code !== 'ENOMEM') return;
    throw thrown;
  }
}
