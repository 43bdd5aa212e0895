/** Operators that take values by their indices, and those that give indices. */
import type { OnnxRule, OnnxTranslation } from '../onnx-translation.ts';

/** Indices count from the end where they are negative; those that are known are written from the front. */
function fromFront(node: OnnxTranslation, index: number, size: number): string {
  const tensor = node.tensor(index);
  if (tensor === undefined || typeof tensor.data[0] === 'string' || size < 0) return node.input(index);
  const values = Array.from(tensor.data as ArrayLike<number>);
  if (values.every((value) => value >= 0)) return node.input(index);
  return node.addInts(
    values.map((value) => (value < 0 ? value + size : value)),
    tensor.shape,
  );
}

const gather: OnnxRule = (node) => {
  const axis = node.axis(node.int('axis', 0), node.rank(0));
  const indices = fromFront(node, 1, node.shape(0)![axis]!);
  const attrs = { Tindices: { type: 'int32' } } as const;
  return node.add('GatherV2', [node.input(0), indices, node.addInts(axis)], attrs);
};

const gatherElements: OnnxRule = (node) => {
  const axis = node.axis(node.int('axis', 0), node.rank(0));
  return node.add('GatherElements', [node.input(0), node.input(1)], { axis });
};

const gatherNd: OnnxRule = (node) => {
  const batch = node.int('batch_dims', 0);
  return node.add('GatherNd', [node.input(0), node.input(1)], batch === 0 ? {} : { batch_dims: batch });
};

function reductionOf(node: OnnxTranslation): string {
  const reduction = node.text('reduction', 'none');
  if (!['none', 'add', 'mul', 'max', 'min'].includes(reduction)) {
    throw node.error(`has reduction='${reduction}'`);
  }
  return reduction;
}

const scatterElements: OnnxRule = (node) => {
  const attrs = { axis: node.axis(node.int('axis', 0), node.rank(0)), reduction: reductionOf(node) };
  return node.add('ScatterElements', [node.input(0), node.input(1), node.input(2)], attrs);
};

const scatterNd: OnnxRule = (node) =>
  node.add('ScatterND', [node.input(0), node.input(1), node.input(2)], { reduction: reductionOf(node) });

/** The axis stays as one of size 1 unless keepdims says otherwise. */
function argument(op: 'ArgMax' | 'ArgMin'): OnnxRule {
  return (node) => {
    const rank = node.rank(0);
    const axis = node.axis(node.int('axis', 0), rank);
    const last = node.flag('select_last_index', false);
    const x = last ? node.add('ReverseV2', [node.input(0), node.addInts([axis])]) : node.input(0);
    const found = node.add(op, [x, node.addInts(axis)], { output_type: { type: 'int32' } });
    const size = node.sizeOf(node.input(0), axis);
    const end = typeof size === 'number' ? node.addInts(size - 1) : node.add('Sub', [size, node.addInts(1)]);
    const index = last ? node.add('Sub', [end, found]) : found;
    return node.flag('keepdims', true) ? node.add('ExpandDims', [index, node.addInts(axis)]) : index;
  };
}

/** TensorFlow finds the largest values along the last axis. */
const topK: OnnxRule = (node) => {
  const rank = node.rank(0);
  const axis = node.axis(node.int('axis', -1), rank);
  const [count] = node.version < 10 ? [node.int('k')] : node.constant(1, 'counts');
  const smallest = node.version >= 11 && !node.flag('largest', true);
  const axes = Array.from({ length: rank }, (_, at) => at);
  const order = [...axes.toSpliced(axis, 1), axis];
  const back = axes.map((at) => order.indexOf(at));
  const turned = node.addTranspose(node.input(0), order);
  const ranked = smallest ? node.add('Neg', [turned]) : turned;
  const top = node.add('TopKV2', [ranked, node.addInts(count ?? 1)], { sorted: true });
  const values = node.addTranspose(smallest ? node.add('Neg', [top]) : top, back);
  return [values, node.cast(node.addTranspose(`${top}:1`, back), 'int32')];
};

/** on where an index says so, else off: the indices count from the end where they are negative. */
const oneHot: OnnxRule = (node) => {
  const [depth] = node.constant(1, 'depths');
  if (depth === undefined || depth < 1 || depth > 2 ** 20) throw node.error(`has the depth ${depth}`);
  const rank = node.rank(0) + 1;
  const axis = node.axis(node.int('axis', -1), rank);
  const given = node.add('ExpandDims', [node.cast(node.input(0), 'int32'), node.addInts(axis)]);
  const shifted = node.add('AddV2', [given, node.addInts(depth)]);
  const negative = node.add('Less', [given, node.addInts(0)]);
  const indices = node.add('SelectV2', [negative, shifted, given]);
  const places = node.addInts(
    Array.from({ length: depth }, (_, at) => at),
    Array.from({ length: rank }, (_, at) => (at === axis ? depth : 1)),
  );
  const hit = node.add('Equal', [indices, places]);
  const [off, on] = [0, 1].map((at) => node.addElement(node.input(2), at)) as [string, string];
  return node.add('SelectV2', [hit, on, off]);
};

/** The upper or lower triangle of the last two axes; the rest is 0. */
const triangle: OnnxRule = (node) => {
  const shape = node.shape(0);
  const [rows, columns] = [shape?.at(-2) ?? -1, shape?.at(-1) ?? -1];
  if (rows < 0 || columns < 0 || rows * columns > 2 ** 22) throw node.unsupported('of unknown size');
  const [shift = 0] = node.has(1) ? node.constant(1, 'diagonals') : [];
  const upper = node.flag('upper', true);
  const kept = new Uint8Array(rows * columns);
  for (let at = 0; at < kept.length; at++) {
    const distance = (at % columns) - Math.floor(at / columns);
    kept[at] = Number(upper ? distance >= shift : distance <= shift);
  }
  const mask = node.addTensor({ dtype: 'bool', shape: [rows, columns], data: kept });
  return node.add('SelectV2', [mask, node.input(0), node.addNumber(0)]);
};

const cumulativeSum: OnnxRule = (node) => {
  const axis = node.axis(node.constant(1, 'axes')[0] ?? 0, node.rank(0));
  const attrs = { exclusive: node.flag('exclusive', false), reverse: node.flag('reverse', false) };
  return node.add('Cumsum', [node.input(0), node.addInts(axis)], attrs);
};

export const indexingRules: Readonly<Record<string, OnnxRule>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  ScatterElements: scatterElements,
  Scatter: scatterElements,
  ScatterND: scatterNd,
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  TopK: topK,
  OneHot: oneHot,
  Trilu: triangle,
  CumSum: cumulativeSum,
};
