/** Operators that make tensors, of sizes above all. */
import { intType, tensorOf } from '../../../graph/node-builder.ts';
import type { OnnxRule } from '../onnx-translation.ts';

const constant: OnnxRule = (node) => {
  const tensor = node.tensorAttribute('value');
  if (tensor !== undefined) return node.addTensor(tensor);
  if (node.hasAttribute('value_float')) return node.addTensor(tensorOf('float32', node.float('value_float')));
  if (node.hasAttribute('value_floats'))
    return node.addTensor(tensorOf('float32', node.floats('value_floats')));
  if (node.hasAttribute('value_int')) return node.addTensor(tensorOf('int32', node.int('value_int')));
  if (node.hasAttribute('value_ints')) return node.addTensor(tensorOf('int32', node.ints('value_ints')));
  throw node.unsupported(`of ${[...node.node.attributes.keys()].join(', ') || 'nothing'}`);
};

/** Sizes are ints of 32 bits in a Graph. */
const shape: OnnxRule = (node) => {
  const all = node.addShape(node.input(0));
  if (!node.hasAttribute('start') && !node.hasAttribute('end')) return all;
  const rank = node.rank(0);
  const clamped = (axis: number): number => Math.max(0, Math.min(axis < 0 ? axis + rank : axis, rank));
  const [start, end] = [clamped(node.int('start', 0)), clamped(node.int('end', rank))];
  const bounds = [start, Math.max(start, end), 1].map((value) => node.addInts([value]));
  return node.add('StridedSlice', [all, ...bounds], intType);
};

const size: OnnxRule = (node) =>
  node.add('Prod', [node.addShape(node.input(0)), node.addInts([0])], { ...intType, keep_dims: false });

const constantOfShape: OnnxRule = (node) => {
  const value = node.tensorAttribute('value') ?? tensorOf('float32', 0);
  const scalar = node.addTensor({ ...value, shape: [] });
  return node.add('Fill', [node.addVector(node.elements(0, 'sizes')), scalar], { T: { type: value.dtype } });
};

const range: OnnxRule = (node) => node.add('Range', [node.input(0), node.input(1), node.input(2)]);

/** Ones on a diagonal, of a size that is known. */
const eyeLike: OnnxRule = (node) => {
  const [rows, columns] = node.shape(0) ?? [];
  if (rows === undefined || columns === undefined || rows < 0 || columns < 0 || rows * columns > 2 ** 20) {
    throw node.unsupported('of unknown size');
  }
  const diagonal = node.int('k', 0);
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    if (row + diagonal >= 0 && row + diagonal < columns) data[row * columns + row + diagonal] = 1;
  }
  return node.addTensor(tensorOf('float32', data, [rows, columns]));
};

export const constantRules: Readonly<Record<string, OnnxRule>> = {
  Constant: constant,
  Shape: shape,
  Size: size,
  ConstantOfShape: constantOfShape,
  Range: range,
  EyeLike: eyeLike,
};
