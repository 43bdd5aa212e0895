/** Pooling: TensorFlow's where it gives the same, else this project's WindowPool with ONNX's own rules. */
import { isSame, reachOf, type WindowAxis } from '../../channels-first/window.ts';
import type { OnnxRule, OnnxTranslation } from '../onnx-translation.ts';
import { asGiven, picturesOf, spatialPair, windowOf } from './windows.ts';

/** True where ceil_mode makes no further cell, whatever the length is. */
function endsEvenly({ length, before, after, stride, ...axis }: WindowAxis): boolean {
  if (stride === 1) return true;
  if (length < 0) return false;
  return (length + before + after - reachOf({ length, before, after, stride, ...axis })) % stride === 0;
}

/**
 * @param mode what becomes of the values of a window.
 * @param value pictures in place of the first input.
 */
export function pool(node: OnnxTranslation, mode: 'max' | 'average' | 'sum', value?: string): string {
  const given = picturesOf(node);
  const x = value === undefined ? given : { ...given, reference: value };
  if (!node.hasAttribute('kernel_shape')) throw node.error("has no attribute 'kernel_shape'");
  const sizes = spatialPair(node, 'kernel_shape', x.axes, 1);
  const axes = windowOf(node, sizes, x.lengths, x.axes);
  const ceil = node.flag('ceil_mode', false) && !axes.every(endsEvenly);
  const counted = mode === 'sum' || (mode === 'average' && node.flag('count_include_pad', false));
  const attrs = {
    data_format: 'NCHW',
    ksize: [1, 1, ...sizes],
    strides: [1, 1, ...axes.map(({ stride }) => stride)],
  };
  const op = mode === 'max' ? 'MaxPool' : 'AvgPool';
  if (!ceil && mode !== 'sum' && axes.every(({ dilation }) => dilation === 1)) {
    if (axes.every(({ before, after }) => before === 0 && after === 0)) {
      return asGiven(node, x, node.add(op, [x.reference], { ...attrs, padding: 'VALID' }));
    }
    if (!counted && axes.every(isSame)) {
      return asGiven(node, x, node.add(op, [x.reference], { ...attrs, padding: 'SAME' }));
    }
  }
  if (axes.some(({ before }) => Number.isNaN(before))) {
    throw node.unsupported('with auto_pad=SAME_UPPER for frames of any size');
  }
  const result = node.add('WindowPool', [x.reference], {
    ...attrs,
    mode,
    dilations: [1, 1, ...axes.map(({ dilation }) => dilation)],
    explicit_paddings: [0, 0, 0, 0, ...axes.flatMap(({ before, after }) => [before, after])],
    ceil_mode: ceil,
    count_include_pad: counted,
  });
  return asGiven(node, x, result);
}

/** All axes behind the channels. */
export function spatialAxes(node: OnnxTranslation): string {
  const rank = node.rank(0);
  if (rank < 3) throw node.error(`pools a tensor of rank ${rank}`);
  return node.addInts(Array.from({ length: rank - 2 }, (_, at) => at + 2));
}

function globalPool(op: 'Mean' | 'Max'): OnnxRule {
  return (node) => node.add(op, [node.input(0), spatialAxes(node)], { keep_dims: true });
}

/** |x|^p, to be summed. */
function powers(node: OnnxTranslation, p: number): string {
  if (p === 2) return node.add('Square', [node.input(0)]);
  const sizes = node.add('Abs', [node.input(0)]);
  return p === 1 ? sizes : node.add('Pow', [sizes, node.addNumber(p)]);
}

function root(node: OnnxTranslation, sum: string, p: number): string {
  if (p === 1) return sum;
  return p === 2 ? node.add('Sqrt', [sum]) : node.add('Pow', [sum, node.addNumber(1 / p)]);
}

function powersAsPictures(node: OnnxTranslation): string {
  const p = node.int('p', 2);
  const summands = powers(node, p);
  const picture = node.rank(0) === 3 ? node.add('ExpandDims', [summands, node.addInts(2)]) : summands;
  return root(node, pool(node, 'sum', picture), p);
}

const globalPowers: OnnxRule = (node) => {
  const p = node.int('p', 2);
  return root(node, node.add('Sum', [powers(node, p), spatialAxes(node)], { keep_dims: true }), p);
};

export const poolingRules: Readonly<Record<string, OnnxRule>> = {
  MaxPool: (node) => pool(node, 'max'),
  AveragePool: (node) => pool(node, 'average'),
  GlobalAveragePool: globalPool('Mean'),
  GlobalMaxPool: globalPool('Max'),
  LpPool: powersAsPictures,
  GlobalLpPool: globalPowers,
};
