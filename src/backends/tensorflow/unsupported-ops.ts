/** What a graph needs and this backend lacks, found before the first frame. */
import type { GraphNode } from '../../graph/graph.ts';
import { converterKnows, kernelsOfOp } from './converter-ops.ts';

/** Activations that tfjs-backend-wasm fuses into a convolution (its FusableActivation enum). */
const fusedActivations = new Set(['linear', 'relu', 'relu6', 'prelu', 'leakyrelu', 'sigmoid', 'elu']);

/** Convolutions whose wasm kernels take NHWC only. */
const layoutBoundOps = new Set([
  'AvgPool',
  'Conv2D',
  'DepthwiseConv2d',
  'DepthwiseConv2dNative',
  'FusedDepthwiseConv2dNative',
  'MaxPool',
  '_FusedConv2D',
]);

/**
 * Names everything in these nodes that cannot run: ops without an executor in tfjs-converter or
 * without a kernel in the backend, fused activations and data layouts that the kernels refuse. Each
 * once, in the order of the nodes.
 *
 * @param hasKernel whether the backend has a kernel of this tfjs name.
 */
export function unsupportedOps(
  nodes: readonly GraphNode[],
  hasKernel: (kernel: string) => boolean,
): readonly string[] {
  const found = new Set<string>();
  for (const node of nodes) {
    const reason = whyUnsupported(node, hasKernel);
    if (reason !== undefined) found.add(reason);
  }
  return [...found];
}

function whyUnsupported(node: GraphNode, hasKernel: (kernel: string) => boolean): string | undefined {
  const { op } = node;
  if (!converterKnows(op) || !kernelsOfOp(op).every(hasKernel)) return op;
  const format = node.attrs.data_format;
  if (
    layoutBoundOps.has(op) &&
    format !== undefined &&
    's' in format &&
    format.s !== 'NHWC' &&
    format.s !== ''
  ) {
    return `${op} in ${format.s} layout`;
  }
  const activation = fusedActivation(node);
  if (activation !== undefined && !fusedActivations.has(activation.toLowerCase())) {
    return `${op} with fused ${activation}`;
  }
  const value = node.attrs.value;
  if (op === 'Const' && value !== undefined && 'tensor' in value && value.tensor.dtype === 'string') {
    return 'Const of strings';
  }
  return undefined;
}

/** The second entry of `fused_ops`, as tfjs-converter reads it. */
function fusedActivation(node: GraphNode): string | undefined {
  const fused = node.attrs.fused_ops;
  if (fused === undefined || !('list' in fused)) return undefined;
  return fused.list.s?.[1];
}
