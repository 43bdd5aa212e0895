/** Tells the inputs of a node that change from image to image from its constants. */
import type { Tensor } from '../../../../graph/graph.ts';
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import type { RowBand } from '../layer.ts';

/** One input of a node: the layer's input of an index, or a constant. */
export type LayerInput =
  | { readonly stream: number; readonly size: ImageSize }
  | { readonly constant: Tensor; readonly size: ImageSize };

/** The size of a constant that takes part as one image: its last two dimensions, and all others as height. */
export function imageSize(shape: readonly number[]): ImageSize {
  const height = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { height, width: shape.at(-2) ?? 1, channels: shape.at(-1) ?? 1 };
}

/** The inputs of a node by their index; a residual stands last. */
export function layerInputs(spec: LayerSpec): LayerInput[] {
  let stream = 0;
  return Array.from({ length: spec.inputs.length + spec.constants.size }, (_, index): LayerInput => {
    const constant = spec.constants.get(index);
    if (constant !== undefined) return { constant, size: imageSize(constant.shape) };
    const size = spec.inputs[stream];
    if (size === undefined) throw nodeError(spec.node, `has no input ${index}`);
    return { stream: stream++, size };
  });
}

/** The numbers of a constant input. @throws DnnError `EINVAL` where the input is none. */
export function constantNumbers(spec: LayerSpec, index: number): number[] {
  const data = spec.constants.get(index)?.data;
  if (data === undefined) throw nodeError(spec.node, `has an input ${index} that is not a constant`);
  return Array.from(data, Number);
}

/** The shape of a changing input as the graph has it. */
export function inputShape(spec: LayerSpec, input: number): readonly number[] {
  const { height, width, channels } = spec.inputs[input]!;
  return spec.shapes?.inputs[input] ?? [1, height, width, channels];
}

/** The shape of the output's values, as the graph has it. */
export function outputShape(spec: LayerSpec): readonly number[] {
  const { height, width, channels } = spec.output;
  return spec.shapes?.output ?? [1, height, width, channels];
}

/** The shapes of all of a node's inputs, constants too, by their index. */
export function allShapes(spec: LayerSpec): (readonly number[])[] {
  let stream = 0;
  return Array.from({ length: spec.inputs.length + spec.constants.size }, (_, index) => {
    return spec.constants.get(index)?.shape ?? inputShape(spec, stream++);
  });
}

/** Number of values of an image. */
export function valueCount(size: ImageSize): number {
  return size.height * size.width * size.channels;
}

/** Byte address of a row of the image that a band is part of. */
export function rowAddress(band: RowBand, size: ImageSize, row: number): number {
  return band.pointer + 4 * (row - band.firstRow) * size.width * size.channels;
}

/** The only changing input of a layer. @throws DnnError `EINVAL` for another number of them. */
export function onlyInput(spec: LayerSpec): ImageSize {
  const [size, other] = spec.inputs;
  if (size === undefined || other !== undefined) {
    throw nodeError(spec.node, `takes one input that changes, not ${spec.inputs.length}`);
  }
  return size;
}
