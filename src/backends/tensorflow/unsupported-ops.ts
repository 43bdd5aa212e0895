/** What a graph needs and this backend lacks, found before the first frame. */
import type { GraphNode } from '../../graph/graph.ts';
import { intsAttr, stringAttr } from '../../graph/node-attrs.ts';
import { converterKnows, kernelsOfOp } from './converter-ops.ts';

/** Activations that tfjs-backend-wasm fuses into a convolution (its FusableActivation enum). */
const fusedActivations = new Set(['linear', 'relu', 'relu6', 'prelu', 'leakyrelu', 'sigmoid', 'elu']);

/** Convolutions whose wasm kernels take NHWC only, and ops whose layout the converter does not look at. */
const layoutBoundOps = new Set([
  'AvgPool',
  'BiasAdd',
  'Conv2D',
  'Conv2DBackpropInput',
  'DepthwiseConv2d',
  'DepthwiseConv2dNative',
  'FusedBatchNorm',
  'FusedBatchNormV2',
  'FusedBatchNormV3',
  'FusedDepthwiseConv2dNative',
  'MaxPool',
  '_FusedConv2D',
]);

/**
 * Names everything in these nodes that cannot run, each once, in the order of the nodes: `ops` without an
 * executor in tfjs-converter or without a kernel in the backend, and among them `forms` of other ops that the
 * kernels refuse: windows, fused activations, data layouts.
 *
 * @param hasKernel whether the backend has a kernel of this tfjs name.
 * @param grouped names of the convolutions in groups.
 */
export function unsupportedOps(
  nodes: readonly GraphNode[],
  hasKernel: (kernel: string) => boolean,
  grouped: ReadonlySet<string>,
): { readonly ops: readonly string[]; readonly forms: readonly string[] } {
  const ops = new Set<string>();
  const forms = new Set<string>();
  for (const node of nodes) {
    const { op } = node;
    const known = converterKnows(op) && kernelsOfOp(op).every(hasKernel);
    const form = known ? unsupportedForm(node, grouped) : undefined;
    if (form !== undefined) forms.add(form);
    if (!known || form !== undefined) ops.add(form ?? op);
  }
  return { ops: [...ops], forms: [...forms] };
}

function unsupportedForm(node: GraphNode, grouped: ReadonlySet<string>): string | undefined {
  const { op } = node;
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
  if (grouped.has(node.name)) return `${op} '${node.name}' in groups`;
  const window = windowReason(node);
  if (window !== undefined) return `${op} '${node.name}' with ${window}`;
  const activation = fusedActivation(node);
  if (activation !== undefined && !canFuse(op, activation.toLowerCase())) {
    return `${op} with fused ${activation}`;
  }
  const value = node.attrs.value;
  if (op === 'Const' && value !== undefined && 'tensor' in value && value.tensor.dtype === 'string') {
    return 'Const of strings';
  }
  return undefined;
}

/** What of a sliding window tfjs refuses at the first frame, or leaves out. */
function windowReason(node: GraphNode): string | undefined {
  const isPool = node.op === 'MaxPool' || node.op === 'AvgPool';
  if (isPool && stringAttr(node, 'padding', '') === 'EXPLICIT') return 'explicit padding';
  if (!intsAttr(node, 'dilations').some((dilation) => dilation > 1)) return undefined;
  if (node.op === 'Conv2DBackpropInput') return 'a dilation';
  // The depthwise op alone takes both.
  const takesBoth = node.op === 'DepthwiseConv2dNative' || node.op === 'DepthwiseConv2d';
  if (takesBoth || !intsAttr(node, 'strides').some((stride) => stride > 1)) return undefined;
  return 'both a stride and a dilation';
}

/** The converter does not read `leakyrelu_alpha` of the depthwise op. */
function canFuse(op: string, activation: string): boolean {
  return (
    fusedActivations.has(activation) && !(op === 'FusedDepthwiseConv2dNative' && activation === 'leakyrelu')
  );
}

/** The second entry of `fused_ops`, as tfjs-converter reads it. */
function fusedActivation(node: GraphNode): string | undefined {
  const fused = node.attrs.fused_ops;
  if (fused === undefined || !('list' in fused)) return undefined;
  return fused.list.s?.[1];
}
