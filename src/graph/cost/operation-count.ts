/** How much arithmetic one node is, from the shapes around it. */
import type { GraphNode } from '../graph.ts';
import type { InferredShapes } from '../infer-shapes.ts';
import { boolAttr, dataInputs, intsAttr, stringsAttr } from '../node-attrs.ts';
import { reductionOps } from '../shapes/reduction-rules.ts';
import { elementCount } from '../tensor-storage.ts';

export interface OperationCount {
  /** Multiplications with a sum, padding counted as if it were multiplied. */
  readonly multiplyAdds: number;
  /** Values that are computed, or moved, in another way. */
  readonly elementOps: number;
}

/** The sizes around one node, all of them known. */
interface Surroundings {
  readonly node: GraphNode;
  /** Elements of all outputs that are read. */
  readonly produced: number;
  /** Shape of an input. */
  readonly shape: (index: number) => readonly number[];
}

type MultiplyAddRule = (around: Surroundings) => number;

const convolution: MultiplyAddRule = ({ produced, shape }) => {
  const [height, width, inputs] = shape(1) as [number, number, number];
  return produced * height * width * inputs;
};

/** Each output value comes from one channel. */
const depthwise: MultiplyAddRule = ({ produced, shape }) => {
  const [height, width] = shape(1) as [number, number];
  return produced * height * width;
};

/** Each input value goes to a window of every output channel. */
const transposed: MultiplyAddRule = ({ shape }) => {
  const [height, width, channels] = shape(1) as [number, number, number];
  return elementCount(shape(2)) * height * width * channels;
};

function product(transpose: string): MultiplyAddRule {
  return ({ node, produced, shape }) => produced * shape(0).at(boolAttr(node, transpose, false) ? -2 : -1)!;
}

const multiplyAddRules: ReadonlyMap<string, MultiplyAddRule> = new Map([
  ['Conv2D', convolution],
  ['_FusedConv2D', convolution],
  ['DepthwiseConv2d', depthwise],
  ['DepthwiseConv2dNative', depthwise],
  ['FusedDepthwiseConv2dNative', depthwise],
  ['Conv2DBackpropInput', transposed],
  ['MatMul', product('transpose_a')],
  ['_FusedMatMul', product('transpose_a')],
  ['BatchMatMul', product('adj_x')],
  ['BatchMatMulV2', product('adj_x')],
]);

/**
 * Counts one node. A fused op costs what its parts cost one by one.
 *
 * @param outputs references to the node's outputs that count. Their shapes are fully known.
 */
export function operationCount(
  node: GraphNode,
  shapes: InferredShapes,
  outputs: readonly string[],
): OperationCount {
  const inputs = dataInputs(node);
  const produced = outputs.reduce((sum, output) => sum + elementCount(shapes.shapeOf(output) ?? [0]), 0);
  const shape = (index: number): readonly number[] => shapes.shapeOf(inputs[index] ?? '') ?? [];
  const rule = multiplyAddRules.get(node.op);
  if (rule !== undefined) {
    const fused = stringsAttr(node, 'fused_ops').length;
    return { multiplyAdds: rule({ node, produced, shape }), elementOps: fused * produced };
  }
  if (node.op === 'MaxPool' || node.op === 'AvgPool') {
    return { multiplyAdds: 0, elementOps: produced * elementCount(intsAttr(node, 'ksize')) };
  }
  // A reduction reads more than it gives.
  const elementOps = reductionOps.has(node.op) ? elementCount(shape(0)) : produced;
  return { multiplyAdds: 0, elementOps };
}
