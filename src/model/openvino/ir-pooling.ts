/** Pooling, padding and moving pixels between space and depth (OpenVINO's opset, NCHW). */
import type { IrRule, IrTranslation } from './ir-translation.ts';
import { isSame, reachOf, type WindowAxis } from '../channels-first/window.ts';
import { pairOf, windowOf } from './ir-window.ts';

/** Below every other float: what a maximum does not see. */
const lowest = -3.4028234663852886e38;

/** The window with what `rounding_type=ceil` adds behind the last value. */
function rounded(layer: IrTranslation, axis: WindowAxis): WindowAxis & { readonly extra: number } {
  if (!layer.text('rounding_type', 'floor').toLowerCase().startsWith('ceil') || axis.stride === 1) {
    return { ...axis, extra: 0 };
  }
  if (Number.isNaN(axis.before)) return { ...axis, extra: 0 };
  if (axis.length < 0) throw layer.unsupported('with rounding_type=ceil for frames of any size');
  const padded = axis.length + axis.before + axis.after;
  const count = Math.ceil((padded - reachOf(axis)) / axis.stride) + 1;
  return { ...axis, extra: Math.max(0, (count - 1) * axis.stride + reachOf(axis) - padded) };
}

function pool(layer: IrTranslation, op: 'MaxPool' | 'AvgPool', outside: 'ignored' | 'counted'): string {
  if (layer.rank(0) !== 4) throw layer.unsupported(`of a tensor of rank ${layer.rank(0)}`);
  const kernel = pairOf(layer, 'kernel', []);
  const axes = windowOf(layer, kernel).map((axis) => rounded(layer, axis));
  if (axes.some(({ dilation }) => dilation !== 1)) throw layer.unsupported('with dilations');
  const attrs = {
    data_format: 'NCHW',
    ksize: [1, 1, ...kernel],
    strides: [1, 1, ...axes.map(({ stride }) => stride)],
  };
  if (axes.every(({ before, after, extra }) => before + after + extra === 0)) {
    return layer.add(op, [layer.input(0)], { ...attrs, padding: 'VALID' });
  }
  const same = axes.every((axis) => isSame({ ...axis, after: axis.after + axis.extra }));
  if (same && outside === 'ignored') return layer.add(op, [layer.input(0)], { ...attrs, padding: 'SAME' });
  if (op === 'AvgPool' && (outside === 'ignored' || axes.some(({ extra }) => extra > 0))) {
    throw layer.unsupported('of windows that reach over the edge unevenly');
  }
  if (axes.some(({ before }) => Number.isNaN(before))) {
    throw layer.unsupported('with auto_pad=same_upper and exclude-pad=false for frames of any size');
  }
  const amounts = [0, 0, 0, 0, ...axes.flatMap(({ before, after, extra }) => [before, after + extra])];
  const value = layer.addNumber(op === 'MaxPool' ? lowest : 0);
  const padded = layer.add('PadV2', [layer.input(0), layer.addInts(amounts, [4, 2]), value]);
  return layer.add(op, [padded], { ...attrs, padding: 'VALID' });
}

const modes: Readonly<Record<string, string>> = { reflect: 'REFLECT', symmetric: 'SYMMETRIC' };

const pad: IrRule = (layer) => {
  const [before, after] = [layer.constant(1, 'paddings'), layer.constant(2, 'paddings')];
  const rank = layer.rank(0);
  if (before.length !== rank || after.length !== rank) {
    throw layer.error(`has ${before.length} and ${after.length} paddings for a tensor of rank ${rank}`);
  }
  if ([...before, ...after].some((amount) => amount < 0)) throw layer.unsupported('with negative paddings');
  const amounts = before.flatMap((amount, axis) => [amount, after[axis]!]);
  const mode = layer.text('pad_mode').toLowerCase();
  if (mode === 'edge') {
    if (rank !== 4) throw layer.unsupported(`with the edge of a tensor of rank ${rank}`);
    return layer.add('EdgePad', [layer.input(0)], { paddings: amounts });
  }
  const paddings = layer.addInts(amounts, [rank, 2]);
  if (mode === 'constant') {
    const [value = 0] = layer.inputs.length > 3 ? layer.constant(3, 'values') : [];
    if (value === 0) return layer.add('Pad', [layer.input(0), paddings]);
    return layer.add('PadV2', [layer.input(0), paddings, layer.addNumber(value)]);
  }
  if (modes[mode] === undefined) throw layer.error(`has pad_mode='${mode}'`);
  return layer.add('MirrorPad', [layer.input(0), paddings], { mode: modes[mode] });
};

/** A convolution that puts channel `from[i]` in place i: products with 1 and 0 keep every value. */
function permuteChannels(layer: IrTranslation, input: string, from: readonly number[]): string {
  const count = from.length;
  const data = new Float32Array(count * count);
  for (const [to, channel] of from.entries()) data[channel * count + to] = 1;
  const filter = layer.addTensor({ dtype: 'float32', shape: [1, 1, count, count], data });
  return layer.add('Conv2D', [input, filter], {
    data_format: 'NCHW',
    strides: [1, 1, 1, 1],
    dilations: [1, 1, 1, 1],
    padding: 'VALID',
  });
}

/**
 * TensorFlow has the pixel in the block before the channel (`blocks_first`); with `depth_first` channels are
 * put in that order before, or out of it behind.
 */
function moveDepth(layer: IrTranslation, op: 'DepthToSpace' | 'SpaceToDepth'): string {
  if (layer.rank(0) !== 4) throw layer.unsupported(`of a tensor of rank ${layer.rank(0)}`);
  const block = layer.number('block_size', 1);
  if (!Number.isInteger(block) || block < 1 || block > 256) throw layer.error(`has block_size=${block}`);
  const attrs = { data_format: 'NCHW', block_size: block };
  const mode = layer.text('mode').toLowerCase();
  if (mode !== 'blocks_first' && mode !== 'depth_first') throw layer.error(`has mode='${mode}'`);
  if (block === 1) return layer.add('Identity', [layer.input(0)]);
  if (mode === 'blocks_first') return layer.add(op, [layer.input(0)], attrs);
  const given = layer.shape(0)![1]!;
  if (given < 0) throw layer.unsupported('with mode=depth_first of an unknown number of channels');
  const pixels = block * block;
  const depth = op === 'DepthToSpace' ? given / pixels : given;
  if (!Number.isInteger(depth)) throw layer.error(`cannot divide ${given} channels by ${pixels}`);
  if (depth * pixels > 4096) throw layer.unsupported(`with mode=depth_first of ${given} channels`);
  const numbers = Array.from({ length: depth * pixels }, (_, index) => index);
  if (op === 'DepthToSpace') {
    const from = numbers.map((to) => (to % depth) * pixels + Math.floor(to / depth));
    const ordered = depth === 1 ? layer.input(0) : permuteChannels(layer, layer.input(0), from);
    return layer.add(op, [ordered], attrs);
  }
  const moved = layer.add(op, [layer.input(0)], attrs);
  return depth === 1
    ? moved
    : permuteChannels(
        layer,
        moved,
        numbers.map((to) => (to % pixels) * depth + Math.floor(to / pixels)),
      );
}

export const poolingLayers: Readonly<Record<string, IrRule>> = {
  MaxPool: (layer) => pool(layer, 'MaxPool', 'ignored'),
  AvgPool: (layer) => pool(layer, 'AvgPool', layer.flag('exclude-pad') ? 'ignored' : 'counted'),
  Pad: pad,
  DepthToSpace: (layer) => moveDepth(layer, 'DepthToSpace'),
  SpaceToDepth: (layer) => moveDepth(layer, 'SpaceToDepth'),
};
