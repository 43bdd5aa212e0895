/** This project's own ops by the definitions of ONNX and PyTorch, value by value. */
import type { GraphNode } from '../../graph/graph.ts';
import { boolAttr, floatAttr, intAttr, intsAttr, stringAttr } from '../../graph/node-attrs.ts';
import { at, axisOf, filled, positionOf, sizeOf, type PlainOp } from './reference-tensor.test-support.ts';

const shuffle: PlainOp = (node, [image]) => {
  const block = intAttr(node, 'block_size', 1);
  const [n, h, w, c] = image!.shape as [number, number, number, number];
  return [
    filled(image!.dtype, [n, h * block, w * block, c / block ** 2], (position) => {
      const [item, y, x, channel] = position as [number, number, number, number];
      const inner = (y % block) * block + (x % block);
      return at(image!, [item, Math.floor(y / block), Math.floor(x / block), channel * block ** 2 + inner]);
    }),
  ];
};

const unshuffle: PlainOp = (node, [image]) => {
  const block = intAttr(node, 'block_size', 1);
  const [n, h, w, c] = image!.shape as [number, number, number, number];
  return [
    filled(image!.dtype, [n, h / block, w / block, c * block ** 2], (position) => {
      const [item, y, x, channel] = position as [number, number, number, number];
      const inner = channel % block ** 2;
      const row = y * block + Math.floor(inner / block);
      return at(image!, [item, row, x * block + (inner % block), Math.floor(channel / block ** 2)]);
    }),
  ];
};

/** Outputs along one axis: windows that start in the padding behind are left out with ceil_mode. */
function poolOutputs(node: GraphNode, axis: 1 | 2, length: number): number {
  const [size, stride] = [intsAttr(node, 'ksize')[axis]!, intsAttr(node, 'strides')[axis]!];
  const dilation = intsAttr(node, 'dilations')[axis] ?? 1;
  const [before, after] = intsAttr(node, 'explicit_paddings').slice(2 * axis, 2 * axis + 2) as [
    number,
    number,
  ];
  const ceil = boolAttr(node, 'ceil_mode', false);
  for (let count = 0; ; count++) {
    const start = count * stride - before;
    const last = start + (size - 1) * dilation;
    if (last >= length + after && !(ceil && start + stride > 0)) return count;
    if (last >= length + after && ceil) {
      const previousLast = last - stride;
      const isNeeded = count === 0 || previousLast < length + after - 1;
      return isNeeded && start < length ? count + 1 : count;
    }
  }
}

const windowPool: PlainOp = (node, [image]) => {
  const [n, h, w, c] = image!.shape as [number, number, number, number];
  const list = (name: string): readonly number[] => intsAttr(node, name);
  const [mode, counts] = [stringAttr(node, 'mode', 'max'), boolAttr(node, 'count_include_pad', false)];
  const pads = list('explicit_paddings');
  const lengths = [n, h, w, c];
  const within = (axis: 1 | 2, place: number, padded: boolean): boolean =>
    padded
      ? place >= -pads[2 * axis]! && place < lengths[axis]! + pads[2 * axis + 1]!
      : place >= 0 && place < lengths[axis]!;
  return [
    filled('float32', [n, poolOutputs(node, 1, h), poolOutputs(node, 2, w), c], (position) => {
      const [item, y, x, channel] = position as [number, number, number, number];
      const inside: number[] = [];
      let counted = 0;
      for (let ky = 0; ky < list('ksize')[1]!; ky++) {
        for (let kx = 0; kx < list('ksize')[2]!; kx++) {
          const row = y * list('strides')[1]! + ky * (list('dilations')[1] ?? 1) - pads[2]!;
          const column = x * list('strides')[2]! + kx * (list('dilations')[2] ?? 1) - pads[4]!;
          const isInside = within(1, row, false) && within(2, column, false);
          if (isInside) inside.push(at(image!, [item, row, column, channel]));
          if (isInside || (counts && within(1, row, true) && within(2, column, true))) counted++;
        }
      }
      if (mode === 'max') return Math.max(...inside);
      const sum = inside.reduce((all, value) => all + value, 0);
      return mode === 'sum' ? sum : sum / counted;
    }),
  ];
};

function listOf(node: GraphNode, name: string): readonly number[] {
  const value = node.attrs[name];
  return value !== undefined && 'list' in value ? (value.list.f ?? []) : [];
}

/** Where output `place` lies in the input (onnx/defs/tensor/defs.cc). */
function sourceOf(
  mode: string,
  place: number,
  size: number,
  output: number,
  scale: number,
  roi: number[],
): number {
  if (mode === 'align_corners') return output === 1 ? 0 : (place * (size - 1)) / (output - 1);
  if (mode === 'asymmetric') return place / scale;
  if (mode === 'tf_half_pixel_for_nn') return (place + 0.5) / scale;
  if (mode === 'pytorch_half_pixel' && output === 1) return 0;
  if (mode === 'tf_crop_and_resize') {
    if (output === 1) return 0.5 * (roi[0]! + roi[1]!) * (size - 1);
    return roi[0]! * (size - 1) + (place * (roi[1]! - roi[0]!) * (size - 1)) / (output - 1);
  }
  const half = (place + 0.5) / scale - 0.5;
  if (mode !== 'half_pixel_symmetric') return half;
  return (size / 2) * (1 - output / (scale * size)) + half;
}

const keys = (x: number, a: number): number => {
  if (x <= 1) return (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
  return x < 2 ? a * x ** 3 - 5 * a * x ** 2 + 8 * a * x - 4 * a : 0;
};

/** Weights of all indices, those outside the axis included. */
function weightsOf(node: GraphNode, source: number, size: number, scale: number): Map<number, number> {
  const mode = stringAttr(node, 'mode', 'nearest');
  if (mode === 'nearest') {
    const rounding = stringAttr(node, 'nearest_mode', 'round_prefer_floor');
    const index = {
      floor: Math.floor(source),
      ceil: Math.ceil(source),
      round_prefer_ceil: Math.floor(source + 0.5),
      simple: scale < 1 ? Math.ceil(source) : Math.trunc(source),
      round_prefer_floor: Math.ceil(source - 0.5),
    }[rounding]!;
    return new Map([[index, 1]]);
  }
  const stretch = boolAttr(node, 'antialias', false) ? Math.min(1, scale) : 1;
  const a = floatAttr(node, 'cubic_coeff_a', -0.75);
  const weights = new Map<number, number>();
  const reach = Math.ceil((mode === 'cubic' ? 2 : 1) / stretch) + 1;
  for (let index = Math.floor(source) - reach; index <= source + reach; index++) {
    const x = Math.abs(source - index) * stretch;
    const weight = mode === 'cubic' ? keys(x, a) : Math.max(0, 1 - x);
    const isOutside = index < 0 || index >= size;
    if (!(isOutside && boolAttr(node, 'exclude_outside', false))) weights.set(index, weight);
  }
  const sum = [...weights.values()].reduce((all, weight) => all + weight, 0);
  return new Map([...weights].map(([index, weight]) => [index, weight / sum]));
}

const resizeImage: PlainOp = (node, [image, sizes]) => {
  const [n, h, w, c] = image!.shape as [number, number, number, number];
  const output = [sizes!.data[0]!, sizes!.data[1]!];
  const mode = stringAttr(node, 'coordinates', 'half_pixel');
  const axes = [h, w].map((size, axis) => {
    const scale = listOf(node, 'scales')[axis] ?? output[axis]! / size;
    const roi = [listOf(node, 'roi')[axis] ?? 0, listOf(node, 'roi')[axis + 2] ?? 1];
    return Array.from({ length: output[axis]! }, (_, place) => {
      const source = sourceOf(mode, place, size, output[axis]!, scale, roi);
      const isOut = mode === 'tf_crop_and_resize' && (source < 0 || source > size - 1);
      return isOut ? undefined : weightsOf(node, source, size, scale);
    });
  });
  const inside = (index: number, size: number): number => Math.max(0, Math.min(index, size - 1));
  return [
    filled('float32', [n, ...output, c], (position) => {
      const [item, y, x, channel] = position as [number, number, number, number];
      const [rows, columns] = [axes[0]![y], axes[1]![x]];
      if (rows === undefined || columns === undefined) return floatAttr(node, 'extrapolation_value', 0);
      let sum = 0;
      for (const [row, one] of rows) {
        for (const [column, other] of columns) {
          sum += one * other * at(image!, [item, inside(row, h), inside(column, w), channel]);
        }
      }
      return sum;
    }),
  ];
};

const placed = (index: number, size: number): number => (index < 0 ? index + size : index);

const gatherElements: PlainOp = (node, [values, indices]) => {
  const axis = axisOf(intAttr(node, 'axis', 0), values!.shape.length);
  return [
    filled(values!.dtype, indices!.shape, (position) =>
      at(values!, position.with(axis, placed(at(indices!, position), values!.shape[axis]!))),
    ),
  ];
};

const joins: Readonly<Record<string, (old: number, value: number) => number>> = {
  none: (_, value) => value,
  add: (old, value) => old + value,
  mul: (old, value) => old * value,
  max: Math.max,
  min: Math.min,
};

const scatter: PlainOp = (node, [values, indices, updates]) => {
  const join = joins[stringAttr(node, 'reduction', 'none')]!;
  const data = [...values!.data];
  const elements = node.op === 'ScatterElements';
  const axis = elements ? axisOf(intAttr(node, 'axis', 0), values!.shape.length) : 0;
  const depth = elements ? 0 : indices!.shape.at(-1)!;
  for (const [index, value] of updates!.data.entries()) {
    const position = positionOf(updates!.shape, index);
    const lead = elements ? 0 : indices!.shape.length - 1;
    const target = elements
      ? position.with(axis, placed(at(indices!, position), values!.shape[axis]!))
      : [
          ...Array.from({ length: depth }, (_, at2) =>
            placed(at(indices!, [...position.slice(0, lead), at2]), values!.shape[at2]!),
          ),
          ...position.slice(lead),
        ];
    const flat = target.reduce((sum, here, at2) => sum + here * sizeOf(values!.shape.slice(at2 + 1)), 0);
    data[flat] = Math.fround(join(data[flat]!, value));
  }
  return [{ ...values!, data }];
};

export const ownOps: Readonly<Record<string, PlainOp>> = {
  PixelShuffle: shuffle,
  PixelUnshuffle: unshuffle,
  WindowPool: windowPool,
  ResizeImage: resizeImage,
  GatherElements: gatherElements,
  ScatterElements: scatter,
  ScatterND: scatter,
};
