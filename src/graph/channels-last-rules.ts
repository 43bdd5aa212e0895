/** How each op is written when its images have their channels last instead of first; for channels-last.ts. */
import type { AttrValue, GraphNode, Shape } from './graph.ts';
import { boolAttr, intAttr, intsAttr } from './node-attrs.ts';
import { binaryOps, unaryOps } from './shapes/elementwise-rules.ts';
import { reductionOps } from './shapes/reduction-rules.ts';

/** What a rule may ask for while a graph is turned. References are those of the original graph. */
export interface Turning {
  /** The tensor with channels last; undefined where its rank is not 4. */
  lastOf(reference: string): string | undefined;
  /** The same for an operand that broadcasts: constants of a lower rank are turned too. */
  operandOf(reference: string): string | undefined;
  /** The tensor as the graph had it. */
  plainOf(reference: string): string;
  shapeOf(reference: string): Shape;
  /** Elements that are known before the graph runs; undefined where one is not. */
  ints(reference: string | undefined): number[] | undefined;
  /** Adds an int32 constant. */
  constant(label: string, values: readonly number[], shape: readonly number[]): string;
  /** Adds a node. */
  add(label: string, op: string, inputs: readonly string[], attrs?: GraphNode['attrs']): string;
}

/** What becomes of a node; its name is given by the pass. */
export interface TurnedNode {
  readonly op?: string;
  readonly inputs: readonly string[];
  readonly attrs?: GraphNode['attrs'];
  /** False where the outputs are no images any more: they are as the original graph has them. */
  readonly isLast: boolean;
  readonly outputs?: number;
}

/** Undefined where the node cannot be written so. */
export type TurnRule = (
  node: GraphNode,
  inputs: readonly string[],
  turning: Turning,
) => TurnedNode | undefined;

/** Entry i of n, h, w, c is this entry of n, c, h, w. */
export const channelsLastOrder: readonly number[] = [0, 2, 3, 1];
/** Entry i of n, c, h, w is this entry of n, h, w, c. */
export const channelsFirstOrder: readonly number[] = [0, 3, 1, 2];

/** n, c, h, w in the order n, h, w, c. */
export function moved<T>(list: readonly T[]): T[] {
  return channelsLastOrder.map((axis) => list[axis]!);
}

function movedAxis(axis: number): number | undefined {
  return channelsFirstOrder[axis < 0 ? axis + 4 : axis];
}

function pairs(list: readonly number[]): number[][] {
  return [0, 2, 4, 6].map((at) => list.slice(at, at + 2));
}

function pairsMoved(list: readonly number[]): number[] {
  return moved(pairs(list)).flat();
}

const unary: TurnRule = (_, [input, ...others], turning) => {
  const last = turning.lastOf(input!);
  if (last === undefined) return undefined;
  return { inputs: [last, ...others.map((other) => turning.plainOf(other))], isLast: true };
};

const broadcast: TurnRule = (_, inputs, turning) => {
  const operands = inputs.map((input) => turning.operandOf(input));
  if (operands.includes(undefined)) return undefined;
  return { inputs: operands as string[], isLast: true };
};

const concat: TurnRule = (_, inputs, turning) => {
  const axis = movedAxis(turning.ints(inputs.at(-1))?.[0] ?? NaN);
  const images = inputs.slice(0, -1).map((input) => turning.lastOf(input));
  if (axis === undefined || images.includes(undefined)) return undefined;
  return { inputs: [...(images as string[]), turning.constant('axis', [axis], [])], isLast: true };
};

const pad: TurnRule = (node, [input, paddings, value], turning) => {
  const last = turning.lastOf(input!);
  const isOwn = node.op === 'EdgePad' || node.op === 'WrapPad';
  const given = isOwn ? intsAttr(node, 'paddings') : turning.ints(paddings);
  if (last === undefined || given?.length !== 8) return undefined;
  const amounts = pairsMoved(given);
  if (isOwn) {
    return { inputs: [last], attrs: { ...node.attrs, paddings: { list: { i: amounts } } }, isLast: true };
  }
  const others = value === undefined ? [] : [turning.plainOf(value)];
  return { inputs: [last, turning.constant('paddings', amounts, [4, 2]), ...others], isLast: true };
};

const split: TurnRule = (node, inputs, turning) => {
  const [value, axisInput] = node.op === 'Split' ? [1, 0] : [0, 2];
  const last = turning.lastOf(inputs[value]!);
  const axis = movedAxis(turning.ints(inputs[axisInput])?.[0] ?? NaN);
  if (last === undefined || axis === undefined) return undefined;
  const constant = turning.constant('axis', [axis], []);
  // The sizes of SplitV stay as they are.
  const turned = inputs.map((input, at) =>
    at === value ? last : at === axisInput ? constant : turning.plainOf(input),
  );
  return {
    inputs: turned,
    isLast: true,
    outputs: intAttr(node, 'num_split', 1),
  };
};

const slice: TurnRule = (_, [input, begin, size], turning) => {
  const last = turning.lastOf(input!);
  const [from, count] = [turning.ints(begin), turning.ints(size)];
  if (last === undefined || from?.length !== 4 || count?.length !== 4) return undefined;
  return {
    inputs: [last, turning.constant('begin', moved(from), [4]), turning.constant('size', moved(count), [4])],
    isLast: true,
  };
};

const stridedSlice: TurnRule = (node, inputs, turning) => {
  const last = turning.lastOf(inputs[0]!);
  const lists = inputs.slice(1, 4).map((input) => turning.ints(input));
  const masks = ['ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'];
  const count = lists[0]?.length ?? 0;
  if (last === undefined || masks.some((mask) => intAttr(node, mask, 0) !== 0)) return undefined;
  if (count > 4 || lists.some((list) => list?.length !== count)) return undefined;
  const bits = (mask: string): number =>
    moved([0, 1, 2, 3].map((axis) => (axis < count ? (intAttr(node, mask, 0) >> axis) & 1 : 1))).reduce(
      (all, bit, axis) => all | (bit << axis),
      0,
    );
  const constants = lists.map((list, index) => {
    const full = [0, 1, 2, 3].map((axis) => list![axis] ?? (index === 2 ? 1 : 0));
    return turning.constant(['begin', 'end', 'strides'][index]!, moved(full), [4]);
  });
  const attrs: Record<string, AttrValue> = {
    ...node.attrs,
    begin_mask: { i: bits('begin_mask') },
    end_mask: { i: bits('end_mask') },
  };
  return { inputs: [last, ...constants], attrs, isLast: true };
};

const reduce: TurnRule = (node, [input, axesInput], turning) => {
  const last = turning.lastOf(input!);
  const axes = turning.ints(axesInput)?.map(movedAxis);
  if (last === undefined || axes === undefined || axes.includes(undefined)) return undefined;
  const isLast = boolAttr(node, 'keep_dims', boolAttr(node, 'keepdims', false));
  // Without the reduced axes the others must stand in the order in which the original graph has them.
  const left = channelsFirstOrder.filter((axis) => !axes.includes(axis));
  if (!isLast && left.some((axis, at) => at > 0 && axis < left[at - 1]!)) return undefined;
  const constant = turning.constant('axes', axes as number[], [axes.length]);
  return { inputs: [last, constant], isLast };
};

/** One axis that is looked up, with indices of one dimension: the axes stay where they are. */
const gather: TurnRule = (_, [input, indices, axisInput], turning) => {
  const axis = movedAxis(turning.ints(axisInput)?.[0] ?? NaN);
  if (axis === undefined || turning.shapeOf(indices!)?.length !== 1) return undefined;
  const last = turning.lastOf(input!);
  if (last === undefined) return undefined;
  return { inputs: [last, turning.plainOf(indices!), turning.constant('axis', [axis], [])], isLast: true };
};

/** A list of axes as the second input. */
const reversed: TurnRule = (_, [input, axesInput], turning) => {
  const last = turning.lastOf(input!);
  const axes = turning.ints(axesInput)?.map(movedAxis);
  if (last === undefined || axes === undefined || axes.includes(undefined)) return undefined;
  const shape = turning.shapeOf(axesInput!) ?? [];
  return { inputs: [last, turning.constant('axes', axes as number[], shape)], isLast: true };
};

/** One number an axis. */
const tile: TurnRule = (_, [input, multiples], turning) => {
  const last = turning.lastOf(input!);
  const given = turning.ints(multiples);
  if (last === undefined || given?.length !== 4) return undefined;
  return { inputs: [last, turning.constant('multiples', moved(given), [4])], isLast: true };
};

/** The sizes of the original tensor, from those of the turned one. */
const shape: TurnRule = (node, [input], turning) => {
  const last = turning.lastOf(input!);
  if (last === undefined) return undefined;
  const sizes = turning.add('sizes', 'Shape', [last], node.attrs);
  const order = turning.constant('order', channelsFirstOrder, [4]);
  return {
    op: 'GatherV2',
    inputs: [sizes, order, turning.constant('axis', [0], [])],
    attrs: {},
    isLast: false,
  };
};

function layoutAttrs(node: GraphNode): Record<string, AttrValue> {
  const attrs: Record<string, AttrValue> = { ...node.attrs, data_format: { s: 'NHWC' } };
  for (const name of ['strides', 'dilations', 'ksize']) {
    const list = intsAttr(node, name);
    if (list.length === 4) attrs[name] = { list: { i: moved(list) } };
  }
  const pads = intsAttr(node, 'explicit_paddings');
  if (pads.length === 8) attrs['explicit_paddings'] = { list: { i: pairsMoved(pads) } };
  return attrs;
}

/** Ops that say themselves that their images are channels-first. */
const layout: TurnRule = (node, [input, ...others], turning) => {
  const last = turning.lastOf(input!);
  if (last === undefined) return undefined;
  const rest = others.map((other) => turning.plainOf(other));
  return { inputs: [last, ...rest], attrs: layoutAttrs(node), isLast: true };
};

/** Transposed convolution: the size of its result is its first input, its image the third. */
const transposedConvolution: TurnRule = (node, [size, filter, input], turning) => {
  const last = turning.lastOf(input!);
  if (last === undefined) return undefined;
  const known = turning.ints(size);
  const order = (): string[] => [
    turning.plainOf(size!),
    turning.constant('order', channelsLastOrder, [4]),
    turning.constant('axis', [0], []),
  ];
  const sizes =
    known?.length === 4
      ? turning.constant('sizes', moved(known), [4])
      : turning.add('sizes', 'GatherV2', order());
  return { inputs: [sizes, turning.plainOf(filter!), last], attrs: layoutAttrs(node), isLast: true };
};

function each(ops: Iterable<string>, rule: TurnRule): [string, TurnRule][] {
  return Array.from(ops, (op) => [op, rule]);
}

/** Rules of the nodes whose attribute data_format is NCHW. */
export const layoutRules: ReadonlyMap<string, TurnRule> = new Map([
  ...each(
    (
      'Conv2D _FusedConv2D DepthwiseConv2dNative FusedDepthwiseConv2dNative MaxPool AvgPool BiasAdd ' +
      'FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 DepthToSpace SpaceToDepth PixelShuffle PixelUnshuffle ' +
      'WindowPool ResizeImage'
    ).split(' '),
    layout,
  ),
  ['Conv2DBackpropInput', transposedConvolution],
]);

/** Rules of the nodes that take images in any layout. */
export const anyLayoutRules: ReadonlyMap<string, TurnRule> = new Map([
  ...each(unaryOps, unary),
  ['ClipByValue', unary],
  ...each([...binaryOps, 'AddN', 'SelectV2', 'Prelu'], broadcast),
  ['ConcatV2', concat],
  ...each(['Pad', 'PadV2', 'MirrorPad', 'EdgePad', 'WrapPad'], pad),
  ...each(['Split', 'SplitV'], split),
  ['Slice', slice],
  ['StridedSlice', stridedSlice],
  ...each(reductionOps, reduce),
  ['Shape', shape],
  ['GatherV2', gather],
  ...each(['ReverseV2', 'Cumsum'], reversed),
  ['Tile', tile],
]);

// These work along the last axis of what they are given.
for (const op of ['Softmax', 'LogSoftmax', 'LRN']) (anyLayoutRules as Map<string, TurnRule>).delete(op);
