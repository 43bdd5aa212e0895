/** Operators that cut, repeat and enlarge tensors. */
import { intType } from '../../../graph/node-builder.ts';
import type { Element, OnnxRule, OnnxTranslation } from '../onnx-translation.ts';
import { intsOf } from './arrangement.ts';

/** Parts above this occur only in damaged files. */
const maximumParts = 65536;

const split: OnnxRule = (node) => {
  const rank = node.rank(0);
  const axis = node.axis(node.int('axis', 0), rank);
  const size = node.shape(0)![axis]!;
  const given = intsOf(node, 'split', 1, 13);
  const parts = given?.length ?? node.int('num_outputs', node.node.outputs.length);
  if (parts < 1 || parts > maximumParts) throw node.error(`has ${parts} outputs`);
  const results = (name: string): string[] =>
    Array.from({ length: parts }, (_, at) => (at === 0 ? name : `${name}:${at}`));
  const even = size < 0 || size % parts === 0;
  if (given === undefined && even) {
    return results(
      node.add('Split', [node.addInts(axis), node.input(0)], { T: { type: node.type(0) }, num_split: parts }),
    );
  }
  const length = Math.ceil(size / parts);
  const lengths =
    given ?? Array.from({ length: parts }, (_, at) => Math.max(0, Math.min(length, size - at * length)));
  const inputs = [node.input(0), node.addInts(lengths), node.addInts(axis)];
  return results(node.add('SplitV', inputs, { num_split: parts }));
};

interface Cut {
  readonly starts: readonly Element[];
  readonly ends: readonly Element[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}

function cutOf(node: OnnxTranslation): Cut {
  const rank = node.rank(0);
  const old = node.version < 10;
  const starts = old ? node.ints('starts') : node.elements(1, 'starts');
  const ends = old ? node.ints('ends') : node.elements(2, 'ends');
  const given = old
    ? node.hasAttribute('axes')
      ? node.ints('axes')
      : undefined
    : node.has(3)
      ? node.constant(3, 'axes')
      : undefined;
  const axes = (given ?? starts.map((_, axis) => axis)).map((axis) => node.axis(axis, rank));
  const steps = !old && node.has(4) ? node.constant(4, 'steps') : starts.map(() => 1);
  if (![ends, axes, steps].every((list) => list.length === starts.length)) {
    throw node.error('has starts, ends, axes and steps of different lengths');
  }
  if (steps.includes(0)) throw node.error('has a step of 0');
  return { starts, ends, axes, steps };
}

const slice: OnnxRule = (node) => {
  const { starts, ends, axes, steps } = cutOf(node);
  const all = Array.from({ length: node.rank(0) }, (_, axis) => axes.indexOf(axis));
  const list = (values: readonly Element[], otherwise: number): string =>
    node.addVector(all.map((at) => (at < 0 ? otherwise : values[at]!)));
  const open = all.reduce((bits, at, axis) => (at < 0 ? bits | (1 << axis) : bits), 0);
  // Backwards, what lies in front of the start stands for everything, which only a mask can say.
  const beyond = (at: number, axis: number): boolean => {
    const end = ends[at];
    const size = node.shape(0)![axis]!;
    return (
      typeof end === 'number' &&
      steps[at]! < 0 &&
      end < 0 &&
      (end <= -(2 ** 31) + 1 || (size >= 0 && end < -size))
    );
  };
  const toEnd = all.reduce(
    (bits, at, axis) => (at >= 0 && beyond(at, axis) ? bits | (1 << axis) : bits),
    open,
  );
  const inputs = [node.input(0), list(starts, 0), list(ends, 0), list(steps, 1)];
  return node.add('StridedSlice', inputs, { begin_mask: open, end_mask: toEnd });
};

/** The larger of two sizes that broadcast. */
function broadcastSize(node: OnnxTranslation, own: Element, wanted: Element): Element {
  if (wanted === 1) return own;
  if (typeof wanted === 'number' || own === 1) return wanted;
  if (typeof own === 'number') return own;
  return node.add('Maximum', [own, wanted], intType);
}

/** Both the tensor and the shape may be the larger one, axis by axis. */
const expand: OnnxRule = (node) => {
  const target = node.elements(1, 'shapes');
  const own = node.rank(0);
  const rank = Math.max(own, target.length);
  const sizes = Array.from({ length: rank }, (_, axis) => {
    const [from, to] = [axis - rank + own, axis - rank + target.length];
    const wanted = to < 0 ? 1 : target[to]!;
    return from < 0 ? wanted : broadcastSize(node, node.sizeOf(node.input(0), from), wanted);
  });
  const shape = node.shape(0)!;
  const same = rank === own && sizes.every((size, axis) => size === shape[axis]);
  if (same) return node.add('Identity', [node.input(0)]);
  return node.add('BroadcastTo', [node.input(0), node.addVector(sizes)]);
};

export const slicingRules: Readonly<Record<string, OnnxRule>> = {
  Split: split,
  Slice: slice,
  Expand: expand,
  Tile: (node) => node.add('Tile', [node.input(0), node.addVector(node.elements(1, 'repeats'))]),
};
