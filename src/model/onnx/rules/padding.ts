/** Pad in all its modes. */
import { intType } from '../../../graph/node-builder.ts';
import type { Element, OnnxRule, OnnxTranslation } from '../onnx-translation.ts';

/** Pads in front of and behind each axis. */
function padsOf(node: OnnxTranslation): Element[] {
  const rank = node.rank(0);
  const given = node.version < 11 ? [...node.ints('pads')] : node.elements(1, 'pads');
  const axes =
    node.version >= 18 && node.has(3)
      ? node.constant(3, 'axes').map((axis) => node.axis(axis, rank))
      : Array.from({ length: rank }, (_, axis) => axis);
  if (given.length !== 2 * axes.length) throw node.error(`has ${given.length} pads for ${axes.length} axes`);
  const pads: Element[] = Array<Element>(2 * rank).fill(0);
  for (const [at, axis] of axes.entries()) {
    pads[2 * axis] = given[at]!;
    pads[2 * axis + 1] = given[at + axes.length]!;
  }
  return pads;
}

/** Negative pads crop, and do so first. */
function cropped(node: OnnxTranslation, pads: readonly number[]): string {
  if (pads.every((amount) => amount >= 0)) return node.input(0);
  const rank = node.rank(0);
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const starts = axes.map((axis) => Math.max(0, -pads[2 * axis]!));
  const ends = axes.map((axis) => Math.min(0, pads[2 * axis + 1]!));
  const whole = ends.reduce((bits, end, axis) => (end === 0 ? bits | (1 << axis) : bits), 0);
  const inputs = [node.input(0), ...[starts, ends, axes.map(() => 1)].map((list) => node.addInts(list))];
  return node.add('StridedSlice', inputs, { end_mask: whole });
}

function paddingValue(node: OnnxTranslation): string | undefined {
  if (node.version < 11) {
    const value = node.float('value', 0);
    return value === 0 ? undefined : node.addNumber(value);
  }
  if (!node.has(2)) return undefined;
  const tensor = node.tensor(2);
  if (tensor === undefined) throw node.unsupported('with a value that is computed');
  const value = Number(tensor.data[0] ?? 0);
  return value === 0 ? undefined : node.addNumber(value);
}

const pad: OnnxRule = (node) => {
  const mode = node.text('mode', 'constant');
  if (!['constant', 'reflect', 'edge', 'wrap'].includes(mode)) throw node.error(`has mode='${mode}'`);
  const pads = padsOf(node);
  const known = pads.filter((amount) => typeof amount === 'number');
  if (known.length < pads.length && mode !== 'constant' && mode !== 'reflect') {
    throw node.unsupported(`with mode=${mode} and pads that are computed`);
  }
  const computed = known.length < pads.length;
  const x = computed ? node.input(0) : cropped(node, known);
  const amounts = pads.map((amount) => (typeof amount === 'number' ? Math.max(0, amount) : amount));
  if (amounts.every((amount) => amount === 0)) return node.add('Identity', [x]);
  if (mode === 'edge' || mode === 'wrap') {
    return node.add(mode === 'edge' ? 'EdgePad' : 'WrapPad', [x], { paddings: amounts as number[] });
  }
  const matrix = [pads.length / 2, 2];
  const paddings = computed
    ? node.add('Reshape', [node.addVector(amounts), node.addInts(matrix)], intType)
    : node.addInts(amounts as number[], matrix);
  if (mode === 'reflect') return node.add('MirrorPad', [x, paddings], { mode: 'REFLECT' });
  const value = paddingValue(node);
  return value === undefined ? node.add('Pad', [x, paddings]) : node.add('PadV2', [x, paddings, value]);
};

export const paddingRules: Readonly<Record<string, OnnxRule>> = { Pad: pad };
