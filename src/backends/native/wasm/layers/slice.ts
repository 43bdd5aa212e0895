/** Slice and StridedSlice within one image. */
import { DnnError } from '../../../../base/errors.ts';
import { nodeError } from '../../../../graph/node-attrs.ts';
import { RuleContext } from '../../../../graph/shapes/rule-context.ts';
import { slicePlan, type SliceAxis } from '../../../../graph/shapes/slice-range.ts';
import { valueOfTensor } from '../../../../graph/values/known-value.ts';
import type { ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerFactory } from '../layer.ts';
import { gatherLayer } from './gather.ts';
import { constantNumbers, onlyInput, valueCount } from './layer-input.ts';
import { unsupported } from './unsupported.ts';

/** What is taken of one axis. */
interface Part {
  readonly begin: number;
  readonly stride: number;
  readonly length: number;
}

/** The image as a tensor of a rank: the highest dimensions are those that a lower rank does not have. */
function shapeOf(size: ImageSize, rank: number): number[] {
  return [1, size.height, size.width, size.channels].slice(-rank);
}

function sliceParts(spec: LayerSpec, input: ImageSize): Part[] {
  const begins = constantNumbers(spec, 1);
  const sizes = constantNumbers(spec, 2);
  const shape = shapeOf(input, begins.length);
  return begins.map((begin, axis) => {
    const size = sizes[axis]!;
    return { begin, stride: 1, length: size === -1 ? shape[axis]! - begin : size };
  });
}

/**
 * The parts of a StridedSlice: its masks need the rank, which an image does not tell; the output's size does.
 */
function stridedParts(spec: LayerSpec, input: ImageSize): Part[] {
  const values = [0, 1, 2, 3].map((index) => {
    const tensor = spec.constants.get(index);
    return tensor === undefined ? undefined : valueOfTensor(tensor);
  });
  let failure: DnnError | undefined;
  for (const rank of [4, 3, 2]) {
    if (shapeOf(input, rank).reduce((a, b) => a * b, 1) !== valueCount(input)) continue;
    try {
      const plan = slicePlan(new RuleContext(spec.node, [shapeOf(input, rank)], values));
      const axes: readonly SliceAxis[] = plan?.axes ?? [];
      const count = axes.reduce((product, axis) => product * axis.length, 1);
      if (axes.length === rank && count === valueCount(spec.output)) return [...axes];
    } catch (error) {
      if (!(error instanceof DnnError)) throw error;
      failure = error;
    }
  }
  throw failure ?? nodeError(spec.node, 'has begin, end and strides that contradict its output');
}

function mapOf({ begin, stride, length }: Part): number[] {
  return Array.from({ length }, (_, index) => begin + index * stride);
}

/** Any ranges along height, width and channels; the batch stays whole. */
export const sliceLayer: LayerFactory = (spec, context) => {
  const input = onlyInput(spec);
  const parts = spec.node.op === 'Slice' ? sliceParts(spec, input) : stridedParts(spec, input);
  if (parts.length > 4) throw unsupported(spec.node, `slices a tensor of rank ${parts.length}`);
  if (parts.length === 4 && parts[0]!.length !== 1) {
    throw nodeError(spec.node, 'takes no image of the batch');
  }
  const axes = parts.slice(-3);
  while (axes.length < 3) axes.unshift({ begin: 0, stride: 1, length: 1 });
  const [rows, columns, channels] = axes.map(mapOf) as [number[], number[], number[]];
  const { height, width, channels: depth } = spec.output;
  if (height !== rows.length || width !== columns.length || depth !== channels.length) {
    throw unsupported(spec.node, 'removes or adds an axis behind the batch');
  }
  return gatherLayer(spec, context, { rows, columns, channels });
};
