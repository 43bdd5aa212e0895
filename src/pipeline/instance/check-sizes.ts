/** Finds what a model makes too large for any machine, before workers load it. */
import { DnnError } from '../../base/errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { inputShape } from '../../graph/input-node.ts';

/** Rows and columns of pictures that are tried where the model takes any: the smallest one that it takes. */
const trialSizes = [16, 64, 256];

/**
 * Tries a small picture on the graph, for what grows with it: sizes that the model
 * itself says are checked by every inference.
 *
 * @throws DnnError `ENOMEM` naming the node that makes a tensor too large for any machine.
 */
export function checkSizes(graph: Graph, input: string): void {
  const shape = inputShape(graph, input);
  if (shape?.length !== 4) return;
  const [, height, width, channels] = shape as [number, number, number, number];
  for (const trial of trialSizes) {
    const side = (size: number): number => (size > 0 ? size : trial);
    try {
      inferShapes(graph, { [input]: [1, side(height), side(width), channels > 0 ? channels : 3] });
      return;
    } catch (thrown) {
      if (!(thrown instanceof DnnError) || thrown.code === 'ENOMEM') throw thrown;
      // A size of our choice may be one that the network cannot take; frames of the right one will tell.
    }
  }
}
