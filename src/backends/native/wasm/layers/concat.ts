/** Concat and ConcatV2 along height, width or channels. */
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerContext, LayerFactory, RowRange } from '../layer.ts';
import { uploadRuns } from './copy-runs.ts';
import { layerInputs, type LayerInput } from './layer-input.ts';
import { noRows, rowLayer } from './row-layer.ts';

const axes = ['height', 'width', 'channels'] as const;

/** The axis along which the sizes add up to the output's; the others are all the same. */
function joinedAxis(sizes: readonly ImageSize[], output: ImageSize): (typeof axes)[number] | undefined {
  const fits = (axis: (typeof axes)[number]): boolean =>
    sizes.reduce((sum, size) => sum + size[axis], 0) === output[axis] &&
    axes.every((other) => other === axis || sizes.every((size) => size[other] === output[other]));
  return axes.findLast(fits);
}

/** Byte address of a row of an operand: a constant lies in the kernels' memory. */
type Source = (row: number, address: (input: number, row: number) => number) => number;

function sourceOf(context: LayerContext, input: LayerInput): Source {
  if ('stream' in input) return (row, address) => address(input.stream, row);
  const pointer = context.upload(Float32Array.from(input.constant.data, Number));
  return (row) => pointer + 4 * row * input.size.width * input.size.channels;
}

/** Rows of one input below those of the others. */
function stacked(spec: LayerSpec, context: LayerContext, operands: readonly LayerInput[]): Layer {
  const sources = operands.map((operand) => sourceOf(context, operand));
  const tops: number[] = [];
  let height = 0;
  for (const { size } of operands) {
    tops.push(height);
    height += size.height;
  }
  const rowsOfStream = (input: number, from: number, to: number): RowRange => {
    const index = operands.findIndex((operand) => 'stream' in operand && operand.stream === input);
    const [top, rows] = [tops[index]!, operands[index]!.size.height];
    const range = { from: Math.max(from - top, 0), to: Math.min(to - top, rows) };
    return range.from < range.to ? range : noRows;
  };
  return rowLayer(spec, {
    inputRows: rowsOfStream,
    row(y, dest, address) {
      const index = operands.findIndex(({ size }, at) => size.height > y - tops[at]!);
      const source = sources[index]!(y - tops[index]!, address);
      context.kernels.copyFloats(source, dest, spec.output.width * spec.output.channels);
    },
  });
}

/** @throws DnnError `EINVAL` where the inputs do not make up the output. */
export const concatLayer: LayerFactory = (spec, context) => {
  const axisInput = spec.node.op === 'Concat' ? 0 : spec.inputs.length + spec.constants.size - 1;
  const operands = layerInputs(spec).filter((_, index) => index !== axisInput);
  const axis = joinedAxis(
    operands.map(({ size }) => size),
    spec.output,
  );
  if (axis === undefined) throw nodeError(spec.node, 'joins inputs that do not make up its output');
  if (axis === 'height') return stacked(spec, context, operands);
  const sources = operands.map((operand) => sourceOf(context, operand));
  const { width, channels } = spec.output;
  let offset = 0;
  const blocks = operands.map(({ size }) => {
    const first = offset;
    if (axis === 'width') {
      offset += size.width * channels;
      return uploadRuns(context, [{ dest: first, source: 0, length: size.width * channels }]);
    }
    offset += size.channels;
    const runs = Array.from({ length: width }, (_, x) => ({
      dest: x * channels + first,
      source: x * size.channels,
      length: size.channels,
    }));
    return uploadRuns(context, runs);
  });
  return rowLayer(spec, {
    inputRows: (_, from, to) => ({ from, to }),
    row(y, dest, address) {
      for (const [index, { pointer, count }] of blocks.entries()) {
        context.kernels.copyBlocks(pointer, count, sources[index]!(y, address), dest);
      }
    },
  });
};
