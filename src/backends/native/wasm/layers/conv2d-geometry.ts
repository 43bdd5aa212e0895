/**
 * What the attributes of a convolution say about its window: TensorFlow's rules
 * (tensorflow/core/util/padding.h).
 */
import { DnnError } from '../../../../base/errors.ts';
import { intsAttr, stringAttr } from '../../../../graph/node-attrs.ts';
import type { GraphNode } from '../../../../graph/graph.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { RowRange } from '../layer.ts';
import { unsupported } from './unsupported.ts';

/** One direction of a window. */
export interface Axis {
  /** Taps, `dilation` apart. */
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  /** Position of output 0's first tap in the input; negative for padding. */
  readonly first: number;
  readonly input: number;
  readonly output: number;
}

/** The values of a convolution's constant weights. */
export interface Weights {
  readonly shape: readonly [number, number, number, number];
  readonly data: Float32Array;
}

/** The error for a node that contradicts itself. */
export function convolutionError(node: GraphNode, what: string): DnnError {
  return new DnnError('EINVAL', `native backend: node '${node.name}' (${node.op}) ${what}`, {
    layer: node.name,
    op: node.op,
  });
}

/** The second input of a convolution. */
export function convolutionWeights({ node, constants }: LayerSpec): Weights {
  const tensor = constants.get(1);
  if (tensor?.shape.length !== 4 || !(tensor.data instanceof Float32Array)) {
    throw unsupported(node, 'has weights that are not a constant of 4 dimensions');
  }
  const shape = tensor.shape as [number, number, number, number];
  if (tensor.data.length !== shape.reduce((a, b) => a * b)) {
    throw convolutionError(node, `has ${tensor.data.length} weights for the shape ${shape.join('x')}`);
  }
  return { shape, data: tensor.data };
}

/** Padding before the first value so that `window` outputs fit, the larger half behind (SAME). */
export function samePadding(
  input: number,
  output: number,
  taps: number,
  stride: number,
  dilation: number,
): number {
  return Math.floor(Math.max((output - 1) * stride + (taps - 1) * dilation + 1 - input, 0) / 2);
}

/** Stride and dilation of an axis: 1 is height, 2 is width. */
export function stridesOf(node: GraphNode, axis: 1 | 2): { stride: number; dilation: number } {
  const stride = intsAttr(node, 'strides')[axis] ?? 1;
  const dilation = intsAttr(node, 'dilations')[axis] ?? 1;
  if (stride < 1 || dilation < 1) {
    throw convolutionError(node, `has stride ${stride} and dilation ${dilation}`);
  }
  return { stride, dilation };
}

/** The padding before an axis (1 is height, 2 is width) of a window over `input` values. */
export function paddingOf(node: GraphNode, axis: 1 | 2, input: number, output: number, taps: number): number {
  const { stride, dilation } = stridesOf(node, axis);
  const padding = stringAttr(node, 'padding', 'VALID').toUpperCase();
  if (padding === 'SAME') return samePadding(input, output, taps, stride, dilation);
  if (padding === 'EXPLICIT') return intsAttr(node, 'explicit_paddings')[2 * axis] ?? 0;
  if (padding !== 'VALID') throw convolutionError(node, `has padding '${padding}'`);
  return 0;
}

/** One direction of a convolution's window; taps that never meet the image are left to the caller. */
export function axisOf(spec: LayerSpec, axis: 1 | 2, taps: number): Axis {
  const image = spec.inputs[0]!;
  const [input, output] = axis === 1 ? [image.height, spec.output.height] : [image.width, spec.output.width];
  const first = -paddingOf(spec.node, axis, input, output, taps);
  return { ...stridesOf(spec.node, axis), taps, first, input, output };
}

/** Taps `from` … `to - 1` of output `at` that lie in the image, and the input position of the first. */
export function tapsInside(axis: Axis, at: number): RowRange & { readonly position: number } {
  const start = at * axis.stride + axis.first;
  const from = Math.min(Math.max(0, Math.ceil(-start / axis.dilation)), axis.taps);
  const to = Math.max(from, Math.min(axis.taps, Math.ceil((axis.input - start) / axis.dilation)));
  return { from, to, position: from < to ? start + from * axis.dilation : 0 };
}

/** The input rows of output rows `from` … `to - 1`. */
export function rowsInside(axis: Axis, from: number, to: number): RowRange {
  const first = Math.max(0, from * axis.stride + axis.first);
  const last = Math.min(
    axis.input,
    (to - 1) * axis.stride + axis.first + (axis.taps - 1) * axis.dilation + 1,
  );
  return last > first && to > from ? { from: first, to: last } : { from: 0, to: 0 };
}
