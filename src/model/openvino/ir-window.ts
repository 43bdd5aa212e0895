/** How far a window reaches over the edges: pads and auto_pad of convolutions and pooling. */
import { reachOf, samePadding, type WindowAxis } from '../channels-first/window.ts';
import type { IrTranslation } from './ir-translation.ts';

/** The two numbers of an attribute that has one a spatial axis. */
export function pairOf(layer: IrTranslation, key: string, otherwise: readonly number[]): [number, number] {
  const list = layer.ints(key, otherwise);
  if (list.length !== 2) throw layer.unsupported(`of ${list.length} spatial axes`);
  if (list.some((value) => value < 0 || value > 65536)) throw layer.error(`has ${key}='${list.join(',')}'`);
  return list as [number, number];
}

/** The window of a layer over its first input. @param sizes of the kernel, height and width. */
export function windowOf(layer: IrTranslation, sizes: readonly [number, number]): [WindowAxis, WindowAxis] {
  const strides = pairOf(layer, 'strides', [1, 1]);
  const dilations = pairOf(layer, 'dilations', [1, 1]);
  const auto = layer.text('auto_pad', 'explicit').toLowerCase();
  const explicit = auto === 'explicit' || auto === 'notset';
  const before = explicit ? pairOf(layer, 'pads_begin', [0, 0]) : [0, 0];
  const after = explicit ? pairOf(layer, 'pads_end', [0, 0]) : [0, 0];
  if (!explicit && !['valid', 'same_upper', 'same_lower'].includes(auto)) {
    throw layer.error(`has auto_pad='${auto}'`);
  }
  const shape = layer.shape(0);
  return [0, 1].map((at): WindowAxis => {
    const [stride, dilation] = [strides[at]!, dilations[at]!];
    const length = shape?.[at + 2] ?? -1;
    if (stride < 1 || dilation < 1 || sizes[at]! < 1)
      throw layer.error('has a size, stride or dilation of 0');
    const axis = { size: sizes[at]!, stride, dilation, length, before: before[at]!, after: after[at]! };
    if (explicit || auto === 'valid') return axis;
    // With stride 1 the length does not matter.
    if (length < 0 && stride > 1) {
      if (auto === 'same_lower') throw layer.unsupported('with auto_pad=same_lower for frames of any size');
      return { ...axis, before: NaN, after: NaN };
    }
    const total = samePadding(length < 0 ? reachOf(axis) : length, stride, reachOf(axis));
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return auto === 'same_upper'
      ? { ...axis, before: less, after: more }
      : { ...axis, before: more, after: less };
  }) as [WindowAxis, WindowAxis];
}
