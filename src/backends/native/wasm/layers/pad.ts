/** Pad, PadV2, MirrorPad and EdgePad (libavfilter/dnn/dnn_backend_native_layer_pad.c). */
import type { GraphNode } from '../../../../graph/graph.ts';
import { intsAttr, nodeError, stringAttr } from '../../../../graph/node-attrs.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerFactory } from '../layer.ts';
import { gatherLayer } from './gather.ts';
import { constantNumbers, onlyInput } from './layer-input.ts';
import { unsupported } from './unsupported.ts';

/** Where padding at index `at` of an axis comes from; -1 for a constant. */
type Outside = (at: number, size: number) => number;

const outsides: Readonly<Record<string, Outside>> = {
  CONSTANT: () => -1,
  REFLECT: (at, size) => (at < 0 ? -at : 2 * size - 2 - at),
  SYMMETRIC: (at, size) => (at < 0 ? -at - 1 : 2 * size - 1 - at),
  EDGE: (at, size) => (at < 0 ? 0 : size - 1),
};

/**
 * EdgePad is this project's own op: it repeats the pixel at the edge, with the
 * attribute `paddings` of 8 ints.
 */
function modeOf(node: GraphNode): string {
  if (node.op === 'EdgePad') return 'EDGE';
  return node.op === 'MirrorPad' ? stringAttr(node, 'mode', 'REFLECT') : 'CONSTANT';
}

/** Padding before and after of height, width and channels. */
function paddingsOf(spec: LayerSpec): [number, number][] {
  const { node } = spec;
  const given = node.op === 'EdgePad' ? [...intsAttr(node, 'paddings')] : constantNumbers(spec, 1);
  if (given.length % 2 !== 0 || given.length < 2)
    throw nodeError(node, `has ${given.length} numbers as paddings`);
  const pairs = Array.from({ length: given.length / 2 }, (_, axis): [number, number] => [
    given[2 * axis]!,
    given[2 * axis + 1]!,
  ]);
  const batch = pairs.shift()!;
  if (batch[0] !== 0 || batch[1] !== 0) throw unsupported(node, 'pads the batch');
  if (pairs.length > 3) throw unsupported(node, `pads a tensor of rank ${pairs.length + 1}`);
  while (pairs.length < 3) pairs.unshift([0, 0]);
  return pairs;
}

function axisMap(
  node: GraphNode,
  mode: string,
  outside: Outside,
  size: number,
  [before, after]: [number, number],
): number[] {
  const most = mode === 'REFLECT' ? size - 1 : mode === 'SYMMETRIC' ? size : Infinity;
  if (before < 0 || after < 0 || Math.max(before, after) > most) {
    throw nodeError(node, `pads ${size} values in mode ${mode} by ${before} and ${after}`);
  }
  return Array.from({ length: before + size + after }, (_, index) => {
    const at = index - before;
    return at >= 0 && at < size ? at : outside(at, size);
  });
}

/** @throws DnnError `EINVAL` for mirrored pads that are larger than the image, as TensorFlow. */
export const padLayer: LayerFactory = (spec, context) => {
  const { node } = spec;
  const input = onlyInput(spec);
  const mode = modeOf(node);
  const outside = outsides[mode];
  if (outside === undefined) throw unsupported(node, `has mode ${mode}`);
  const [height, width, channels] = paddingsOf(spec) as [
    [number, number],
    [number, number],
    [number, number],
  ];
  const maps = {
    rows: axisMap(node, mode, outside, input.height, height),
    columns: axisMap(node, mode, outside, input.width, width),
    channels: axisMap(node, mode, outside, input.channels, channels),
  };
  const value = node.op === 'PadV2' ? constantNumbers(spec, 2)[0]! : 0;
  return gatherLayer(spec, context, maps, value);
};
