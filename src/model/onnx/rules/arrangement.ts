/** Operators that rearrange and join tensors, or change their type. */
import { elementTypeName, elementTypeOf } from '../proto/element-types.ts';
import { isFloatType } from '../../../graph/tensor-storage.ts';
import type { DataType } from '../../../graph/graph.ts';
import type { Element, OnnxRule, OnnxTranslation } from '../onnx-translation.ts';

/** An attribute that became an input in a later version; undefined where it is left out. */
export function intsOf(
  node: OnnxTranslation,
  name: string,
  index: number,
  inputSince: number,
): readonly number[] | undefined {
  if (node.version < inputSince) return node.hasAttribute(name) ? node.ints(name) : undefined;
  return node.has(index) ? node.constant(index, name) : undefined;
}

/** A size of 0 stands for that of the input, unless allowzero is set. */
const reshape: OnnxRule = (node) => {
  const literal = node.flag('allowzero', false);
  const vector = node.input(1);
  if ((node.shapeOf(vector)?.[0] ?? -1) < 0) return node.add('Reshape', [node.input(0), vector]);
  const target = node.elements(1, 'shapes');
  const sizes = target.map((size, axis): Element => {
    return size === 0 && !literal ? node.sizeOf(node.input(0), axis) : size;
  });
  return node.addReshape(node.input(0), sizes);
};

/** One matrix: the axes before `axis`, and those from it on. */
const flatten: OnnxRule = (node) => {
  const rank = node.rank(0);
  const given = node.int('axis', 1);
  const axis = given < 0 ? given + rank : given;
  if (axis < 0 || axis > rank) throw node.error(`has axis=${given} for ${rank} dimensions`);
  const shape = node.shape(0)!;
  if (axis === 0) return node.addReshape(node.input(0), [1, -1]);
  const front = shape.slice(0, axis);
  if (!front.includes(-1)) {
    return node.addReshape(node.input(0), [front.reduce((all, size) => all * size, 1), -1]);
  }
  const rest = shape.slice(axis);
  if (!rest.includes(-1)) {
    return node.addReshape(node.input(0), [-1, rest.reduce((all, size) => all * size, 1)]);
  }
  if (axis === 1) return node.addReshape(node.input(0), [node.sizeOf(node.input(0), 0), -1]);
  throw node.unsupported('of axes whose sizes are not known');
};

const transpose: OnnxRule = (node) => {
  const rank = node.rank(0);
  const all = Array.from({ length: rank }, (_, at) => rank - 1 - at);
  const order = node.ints('perm', all).map((axis) => node.axis(axis, rank));
  if (order.length !== rank || new Set(order).size !== rank) {
    throw node.error(`has the order ${order.join(', ')} for ${rank} dimensions`);
  }
  return node.add('Transpose', [node.input(0), node.addInts(order)]);
};

const squeeze: OnnxRule = (node) => {
  const rank = node.rank(0);
  const given = intsOf(node, 'axes', 1, 13);
  if (given === undefined && node.shape(0)!.includes(-1)) {
    throw node.unsupported('without axes of a tensor of open sizes');
  }
  const axes =
    given?.map((axis) => node.axis(axis, rank)) ??
    node.shape(0)!.flatMap((size, axis) => (size === 1 ? [axis] : []));
  if (axes.length === 0) return node.add('Identity', [node.input(0)]);
  return node.add('Squeeze', [node.input(0)], { squeeze_dims: axes });
};

const unsqueeze: OnnxRule = (node) => {
  const given = intsOf(node, 'axes', 1, 13);
  if (given === undefined) throw node.error('has no axes');
  const rank = node.rank(0) + given.length;
  const axes = given.map((axis) => node.axis(axis, rank)).sort((a, b) => a - b);
  if (axes.length === 0) return node.add('Identity', [node.input(0)]);
  return axes.reduce((last, axis) => node.add('ExpandDims', [last, node.addInts(axis)]), node.input(0));
};

const concat: OnnxRule = (node) => {
  const references = node.inputs.map((_, index) => node.input(index));
  const known = references.find((reference) => node.shapeOf(reference) !== null);
  if (known === undefined) throw node.unsupported('of tensors of unknown rank');
  const axis = node.axis(node.int('axis', 1), node.rankOf(known));
  if (references.length === 1) return node.add('Identity', references);
  return node.add('ConcatV2', [...references, node.addInts(axis)], { N: references.length });
};

/** Floats of all sizes are held as float32, so that nothing happens between them. */
function cast(node: OnnxTranslation, to: DataType): string {
  const from = node.type(0);
  if (from === to || (isFloatType(from) && isFloatType(to))) return node.add('Identity', [node.input(0)]);
  return node.cast(node.input(0), to);
}

const castRule: OnnxRule = (node) => {
  const to = node.int('to');
  const type = elementTypeOf(to);
  if (type === undefined) throw node.unsupported(`to ${elementTypeName(to)}`);
  return cast(node, type.type);
};

/** The block before the channel is TensorFlow's order. */
const depthToSpace: OnnxRule = (node) => {
  const block = blockOf(node);
  const mode = node.text('mode', 'DCR');
  if (mode !== 'DCR' && mode !== 'CRD') throw node.error(`has mode='${mode}'`);
  if (block === 1) return node.add('Identity', [node.input(0)]);
  const op = mode === 'DCR' ? 'DepthToSpace' : 'PixelShuffle';
  return node.add(op, [node.input(0)], { data_format: 'NCHW', block_size: block });
};

function blockOf(node: OnnxTranslation): number {
  const block = node.int('blocksize');
  if (block < 1 || block > 256) throw node.error(`has blocksize=${block}`);
  return block;
}

const spaceToDepth: OnnxRule = (node) => {
  const attrs = { data_format: 'NCHW', block_size: blockOf(node) };
  if (attrs.block_size === 1) return node.add('Identity', [node.input(0)]);
  return node.add('SpaceToDepth', [node.input(0)], attrs);
};

/** Outside of training, Dropout hands its input on. */
const dropout: OnnxRule = (node) => {
  const training = node.version >= 12 && node.has(2) ? node.tensor(2)?.data[0] : 0;
  if (training !== 0) throw node.unsupported('in training mode');
  return node.add('Identity', [node.input(0)]);
};

export const arrangementRules: Readonly<Record<string, OnnxRule>> = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Cast: castRule,
  CastLike: (node) => cast(node, node.type(1)),
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Dropout: dropout,
  Identity: (node) => node.add('Identity', [node.input(0)]),
};
