/** What a detector is recognised by: the sizes of its input and outputs. */
import { DnnError } from '../../base/errors.ts';
import type { ModelShape } from '../../filters/detectors/detector.ts';
import type { ModelInput } from '../../filters/dnn-filter.ts';
import { inferShapes, type InferredShapes } from '../../graph/infer-shapes.ts';
import type { FilterGraph } from './load-graph.ts';

/** A side that a model is asked for where it takes any: every stride of a detector divides it. */
const trialSide = 640;

/** Sizes that are not known before the network runs are -1, and left out where not even the rank is. */
export function modelShape(
  { graph, input, outputs }: Pick<FilterGraph<never>, 'graph' | 'input' | 'outputs'>,
  { dims: [n, height, width, channels] }: ModelInput,
): ModelShape {
  const picture = { width: width > 0 ? width : trialSide, height: height > 0 ? height : trialSide };
  const shape = [n < 0 ? 1 : n, picture.height, picture.width, channels < 0 ? 3 : channels];
  const inferred = tryShapes(() => inferShapes(graph, { [input]: shape })) ?? inferShapes(graph);
  return { picture, outputs: outputs.map((name) => ({ name, dims: inferred.shapeOf(name) ?? [] })) };
}

/** Undefined where a size of our choice is one that the network cannot take: frames will tell. */
function tryShapes(infer: () => InferredShapes): InferredShapes | undefined {
  try {
    return infer();
  } catch (error) {
    if (error instanceof DnnError && error.code !== 'ENOMEM') return undefined;
    throw error;
  }
}
