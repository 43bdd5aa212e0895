/** Ops that move values and leave them as they are, position by position. */
import { boolAttr, intAttr, intsAttr, stringAttr } from '../../graph/node-attrs.ts';
import {
  at,
  axisOf,
  broadcastShape,
  filled,
  sizeOf,
  spread,
  type PlainOp,
  type PlainTensor,
} from './reference-tensor.test-support.ts';

const pairsOf = (flat: readonly number[]): [number, number][] =>
  Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index]!, flat[2 * index + 1]!]);

/** Where padding comes from; NaN for a constant. */
const outside: Readonly<Record<string, (index: number, size: number) => number>> = {
  CONSTANT: () => NaN,
  REFLECT: (index, size) => (index < 0 ? -index : 2 * size - 2 - index),
  SYMMETRIC: (index, size) => (index < 0 ? -index - 1 : 2 * size - 1 - index),
  EDGE: (index, size) => (index < 0 ? 0 : size - 1),
  WRAP: (index, size) => ((index % size) + size) % size,
};

const pad: PlainOp = (node, [input, paddings, constant]) => {
  const own = { EdgePad: 'EDGE', WrapPad: 'WRAP' }[node.op];
  const pairs = pairsOf(own === undefined ? paddings!.data : intsAttr(node, 'paddings'));
  const mode = own ?? (node.op === 'MirrorPad' ? stringAttr(node, 'mode', 'REFLECT') : 'CONSTANT');
  const shape = input!.shape.map((size, axis) => size + pairs[axis]![0] + pairs[axis]![1]);
  return [
    filled(input!.dtype, shape, (position) => {
      const source = position.map((here, axis) => {
        const [index, size] = [here - pairs[axis]![0], input!.shape[axis]!];
        return index >= 0 && index < size ? index : outside[mode]!(index, size);
      });
      return source.some(Number.isNaN) ? (constant?.data[0] ?? 0) : at(input!, source);
    }),
  ];
};

const slice: PlainOp = (_node, [input, begin, sizes]) => {
  const shape = sizes!.data.map((size, axis) =>
    size === -1 ? input!.shape[axis]! - begin!.data[axis]! : size,
  );
  return [
    filled(input!.dtype, shape, (position) =>
      at(
        input!,
        position.map((here, axis) => here + begin!.data[axis]!),
      ),
    ),
  ];
};

/** With the masks for open ends and for axes that are taken away; one entry an axis. */
const stridedSlice: PlainOp = (node, [input, begin, end, strides]) => {
  const has = (mask: string, axis: number): boolean => ((intAttr(node, mask, 0) >> axis) & 1) === 1;
  const parts = input!.shape.map((size, axis) => {
    if (axis >= begin!.data.length) return { first: 0, stride: 1, length: size, gone: false };
    const stride = strides!.data[axis]!;
    const place = (value: number): number => (value < 0 ? value + size : value);
    const gone = has('shrink_axis_mask', axis);
    if (gone) return { first: place(begin!.data[axis]!), stride: 1, length: 1, gone };
    const [low, high] = stride > 0 ? [0, size] : [-1, size - 1];
    const held = (value: number): number => Math.min(Math.max(place(value), low), high);
    const first = has('begin_mask', axis) ? (stride > 0 ? low : high) : held(begin!.data[axis]!);
    const last = has('end_mask', axis) ? (stride > 0 ? high : low) : held(end!.data[axis]!);
    return { first, stride, length: Math.max(0, Math.ceil((last - first) / stride)), gone };
  });
  const whole = filled(
    input!.dtype,
    parts.map(({ length }) => length),
    (position) =>
      at(
        input!,
        position.map((here, axis) => parts[axis]!.first + here * parts[axis]!.stride),
      ),
  );
  return [{ ...whole, shape: parts.filter(({ gone }) => !gone).map(({ length }) => length) }];
};

function joined(parts: readonly PlainTensor[], axis: number): PlainTensor {
  const along = axisOf(axis, parts[0]!.shape.length);
  const length = parts.reduce((sum, { shape }) => sum + shape[along]!, 0);
  return filled(parts[0]!.dtype, parts[0]!.shape.with(along, length), (position) => {
    let here = position[along]!;
    for (const part of parts) {
      if (here < part.shape[along]!) return at(part, position.with(along, here));
      here -= part.shape[along]!;
    }
    return NaN;
  });
}

const concat: PlainOp = ({ op }, inputs) =>
  op === 'Concat'
    ? [joined(inputs.slice(1), inputs[0]!.data[0]!)]
    : [joined(inputs.slice(0, -1), inputs.at(-1)!.data[0]!)];

const pack: PlainOp = (node, inputs) => {
  const rank = inputs[0]!.shape.length + 1;
  const axis = axisOf(intAttr(node, 'axis', 0), rank);
  return [
    joined(
      inputs.map((input) => ({ ...input, shape: input.shape.toSpliced(axis, 0, 1) })),
      axis,
    ),
  ];
};

function cut(input: PlainTensor, axis: number, sizes: readonly number[]): PlainTensor[] {
  const along = axisOf(axis, input.shape.length);
  let from = 0;
  return sizes.map((size) => {
    const first = from;
    from += size;
    return filled(input.dtype, input.shape.with(along, size), (position) =>
      at(input, position.with(along, first + position[along]!)),
    );
  });
}

const unpack: PlainOp = (node, [input]) => {
  const axis = axisOf(intAttr(node, 'axis', 0), input!.shape.length);
  const parts = cut(
    input!,
    axis,
    Array.from({ length: input!.shape[axis]! }, () => 1),
  );
  return parts.map((part) => ({ ...part, shape: part.shape.toSpliced(axis, 1) }));
};

const split: PlainOp = (node, [axis, input]) => {
  const parts = intAttr(node, 'num_split', 1);
  const along = axisOf(axis!.data[0]!, input!.shape.length);
  return cut(
    input!,
    along,
    Array.from({ length: parts }, () => input!.shape[along]! / parts),
  );
};

const splitV: PlainOp = (_node, [input, sizes, axis]) => {
  const along = axisOf(axis!.data[0]!, input!.shape.length);
  const rest = input!.shape[along]! - sizes!.data.reduce((sum, size) => sum + Math.max(size, 0), 0);
  return cut(
    input!,
    along,
    sizes!.data.map((size) => (size === -1 ? rest : size)),
  );
};

const reshaped = (input: PlainTensor, target: readonly number[]): PlainTensor[] => {
  const rest = target.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return [{ ...input, shape: target.map((size) => (size === -1 ? input.data.length / rest : size)) }];
};

const squeeze: PlainOp = (node, [input]) => {
  const axes = intsAttr(node, 'squeeze_dims').map((axis) => axisOf(axis, input!.shape.length));
  const gone = (size: number, axis: number): boolean =>
    axes.length === 0 ? size === 1 : axes.includes(axis);
  return [{ ...input!, shape: input!.shape.filter((size, axis) => !gone(size, axis)) }];
};

const transpose: PlainOp = (_node, [input, order]) => {
  const shape = order!.data.map((axis) => input!.shape[axis]!);
  return [
    filled(input!.dtype, shape, (position) => {
      const source = [...position];
      for (const [to, from] of order!.data.entries()) source[from] = position[to]!;
      return at(input!, source);
    }),
  ];
};

/** DepthToSpace in mode DCR: the block's place counts in front of the channel. */
const depthToSpace: PlainOp = (node, [input]) => {
  const block = intAttr(node, 'block_size', 1);
  const [n, h, w, c] = input!.shape as [number, number, number, number];
  const depth = c / block ** 2;
  return [
    filled(input!.dtype, [n, h * block, w * block, depth], ([item, y, x, channel]) => {
      const place = (y! % block) * block + (x! % block);
      return at(input!, [item!, Math.floor(y! / block), Math.floor(x! / block), place * depth + channel!]);
    }),
  ];
};

const spaceToDepth: PlainOp = (node, [input]) => {
  const block = intAttr(node, 'block_size', 1);
  const [n, h, w, c] = input!.shape as [number, number, number, number];
  return [
    filled(input!.dtype, [n, h / block, w / block, c * block ** 2], ([item, y, x, channel]) => {
      const place = Math.floor(channel! / c);
      return at(input!, [
        item!,
        y! * block + Math.floor(place / block),
        x! * block + (place % block),
        channel! % c,
      ]);
    }),
  ];
};

/** The batch of item `n` holds the pixels at one place of every block. */
const spaceToBatch: PlainOp = (_node, [input, block, paddings]) => {
  const [by, bx] = block!.data as [number, number];
  const [rows, columns] = pairsOf(paddings!.data) as [[number, number], [number, number]];
  const [n, h, w, c] = input!.shape as [number, number, number, number];
  const shape = [n * by * bx, (h + rows[0] + rows[1]) / by, (w + columns[0] + columns[1]) / bx, c];
  return [
    filled(input!.dtype, shape, ([item, y, x, channel]) => {
      const place = Math.floor(item! / n);
      const row = y! * by + Math.floor(place / bx) - rows[0];
      return at(input!, [item! % n, row, x! * bx + (place % bx) - columns[0], channel!]);
    }),
  ];
};

const batchToSpace: PlainOp = (_node, [input, block, crops]) => {
  const [by, bx] = block!.data as [number, number];
  const [rows, columns] = pairsOf(crops!.data) as [[number, number], [number, number]];
  const [n, h, w, c] = input!.shape as [number, number, number, number];
  const items = n / (by * bx);
  const shape = [items, h * by - rows[0] - rows[1], w * bx - columns[0] - columns[1], c];
  return [
    filled(input!.dtype, shape, ([item, y, x, channel]) => {
      const [row, column] = [y! + rows[0], x! + columns[0]];
      const place = (row % by) * bx + (column % bx);
      return at(input!, [place * items + item!, Math.floor(row / by), Math.floor(column / bx), channel!]);
    }),
  ];
};

const tile: PlainOp = (_node, [input, times]) => {
  const shape = input!.shape.map((size, axis) => size * times!.data[axis]!);
  return [
    filled(input!.dtype, shape, (position) =>
      at(
        input!,
        position.map((here, axis) => here % input!.shape[axis]!),
      ),
    ),
  ];
};

const gather: PlainOp = ({ op }, [input, indices, given]) => {
  const axis = op === 'Gather' ? 0 : axisOf(given!.data[0]!, input!.shape.length);
  const shape = input!.shape.toSpliced(axis, 1, ...indices!.shape);
  const rank = indices!.shape.length;
  return [
    filled(input!.dtype, shape, (position) => {
      const index = at(indices!, position.slice(axis, axis + rank));
      return at(input!, position.toSpliced(axis, rank, index));
    }),
  ];
};

const gatherNd: PlainOp = (_node, [input, indices]) => {
  const depth = indices!.shape.at(-1)!;
  const outer = indices!.shape.slice(0, -1);
  return [
    filled(input!.dtype, [...outer, ...input!.shape.slice(depth)], (position) => {
      const row = position.slice(0, outer.length);
      const index = Array.from({ length: depth }, (_, part) => at(indices!, [...row, part]));
      return at(input!, [...index, ...position.slice(outer.length)]);
    }),
  ];
};

const reverse: PlainOp = (_node, [input, axes]) => {
  const turned = axes!.data.map((axis) => axisOf(axis, input!.shape.length));
  return [
    filled(input!.dtype, input!.shape, (position) =>
      at(
        input!,
        position.map((here, axis) => (turned.includes(axis) ? input!.shape[axis]! - 1 - here : here)),
      ),
    ),
  ];
};

const broadcastTo: PlainOp = (_node, [input, shape]) => {
  return [filled(input!.dtype, shape!.data, (position) => spread(input!, position))];
};

const ints = (values: readonly number[], shape: readonly number[] = [values.length]): PlainTensor => ({
  dtype: 'int32',
  shape,
  data: values,
});

const oneHot: PlainOp = (node, [indices, depth, on, off]) => {
  const axis = axisOf(intAttr(node, 'axis', -1), indices!.shape.length + 1);
  const shape = indices!.shape.toSpliced(axis, 0, depth!.data[0]!);
  return [
    filled(on!.dtype, shape, (position) =>
      at(indices!, position.toSpliced(axis, 1)) === position[axis] ? on!.data[0]! : off!.data[0]!,
    ),
  ];
};

/** Keeps a diagonal band of the last two axes; negative numbers keep all of a side. */
const bandPart: PlainOp = (_node, [input, lower, upper]) => {
  const [low, high] = [lower!.data[0]!, upper!.data[0]!];
  return [
    filled(input!.dtype, input!.shape, (position) => {
      const [row, column] = position.slice(-2) as [number, number];
      return (low < 0 || row - column <= low) && (high < 0 || column - row <= high)
        ? at(input!, position)
        : 0;
    }),
  ];
};

/** Sums or products up to each place of an axis, without its own where `exclusive`. */
const cumulate: PlainOp = (node, [input, given]) => {
  const axis = axisOf(given!.data[0]!, input!.shape.length);
  const [exclusive, backwards] = [boolAttr(node, 'exclusive', false), boolAttr(node, 'reverse', false)];
  const sum = node.op === 'Cumsum';
  return [
    filled(input!.dtype, input!.shape, (position) => {
      const here = position[axis]!;
      let result = sum ? 0 : 1;
      for (let index = 0; index < input!.shape[axis]!; index++) {
        const counts = backwards ? index >= here : index <= here;
        if (!counts || (exclusive && index === here)) continue;
        const value = at(input!, position.with(axis, index));
        result = sum ? result + value : result * value;
      }
      return result;
    }),
  ];
};

const range: PlainOp = (_node, [start, limit, delta]) => {
  const [from, to, step] = [start!.data[0]!, limit!.data[0]!, delta!.data[0]!];
  const count = Math.max(0, Math.ceil((to - from) / step));
  return [filled(start!.dtype, [count], ([index]) => from + index! * step)];
};

const linSpace: PlainOp = (_node, [start, stop, count]) => {
  const [from, to, all] = [start!.data[0]!, stop!.data[0]!, count!.data[0]!];
  return [filled('float32', [all], ([index]) => from + (index! * (to - from)) / (all - 1))];
};

/** The reference of every op that arranges values, and of those that tell and make shapes. */
export const arrangementOps: Readonly<Record<string, PlainOp>> = {
  Pad: pad,
  PadV2: pad,
  MirrorPad: pad,
  EdgePad: pad,
  WrapPad: pad,
  Slice: slice,
  StridedSlice: stridedSlice,
  Concat: concat,
  ConcatV2: concat,
  Pack: pack,
  Unpack: unpack,
  Split: split,
  SplitV: splitV,
  Reshape: (_node, [input, shape]) => reshaped(input!, shape!.data),
  Flatten: (_node, [input]) => reshaped(input!, [input!.shape[0]!, -1]),
  EnsureShape: (_node, [input]) => [input!],
  Squeeze: squeeze,
  ExpandDims: (_node, [input, axis]) => {
    const place = axisOf(axis!.data[0]!, input!.shape.length + 1);
    return [{ ...input!, shape: input!.shape.toSpliced(place, 0, 1) }];
  },
  Transpose: transpose,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
  Tile: tile,
  Gather: gather,
  GatherV2: gather,
  GatherNd: gatherNd,
  Reverse: reverse,
  ReverseV2: reverse,
  BroadcastTo: broadcastTo,
  BroadcastArgs: (_node, [one, other]) => [ints(broadcastShape([one!.data, other!.data]))],
  OneHot: oneHot,
  MatrixBandPart: bandPart,
  Cumsum: cumulate,
  Cumprod: cumulate,
  Range: range,
  LinSpace: linSpace,
  Fill: (_node, [shape, value]) => [filled(value!.dtype, shape!.data, () => value!.data[0]!)],
  Shape: (_node, [input]) => [ints(input!.shape)],
  ShapeN: (_node, inputs) => inputs.map(({ shape }) => ints(shape)),
  Size: (_node, [input]) => [ints([sizeOf(input!.shape)], [])],
  Rank: (_node, [input]) => [ints([input!.shape.length], [])],
};
