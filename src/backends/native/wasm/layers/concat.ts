/** Concat and ConcatV2 along any axis. */
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerContext, LayerFactory, RowRange } from '../layer.ts';
import { uploadRuns } from './copy-runs.ts';
import { allShapes, constantNumbers, layerInputs, outputShape, type LayerInput } from './layer-input.ts';
import { noRows, rowLayer } from './row-layer.ts';
import { countOf } from '../tensors/tensor-strides.ts';

/** The joined axis of the output, or undefined where the operands do not make it up. */
function joinedAxis(
  given: number,
  shapes: readonly (readonly number[])[],
  output: readonly number[],
): number | undefined {
  const axis = given < 0 ? given + output.length : given;
  const others = (shape: readonly number[]): string => shape.toSpliced(axis, 1).join();
  const sum = shapes.reduce((all, shape) => all + (shape[axis] ?? NaN), 0);
  const fits = sum === output[axis] && shapes.every((shape) => others(shape) === others(output));
  return fits ? axis : undefined;
}

/** Byte address of a row of an operand: a constant lies in the kernels' memory. */
type Source = (row: number, address: (input: number, row: number) => number) => number;

function sourceOf(context: LayerContext, input: LayerInput): Source {
  if ('stream' in input) return (row, address) => address(input.stream, row);
  const pointer = context.upload(Float32Array.from(input.constant.data, Number));
  return (row) => pointer + 4 * row * input.size.width * input.size.channels;
}

/**
 * Rows of one input below those of the others, `blocks` times: once for each place of the axes before the
 * joined one.
 */
function stacked(
  spec: LayerSpec,
  context: LayerContext,
  operands: readonly LayerInput[],
  blocks: number,
): Layer {
  const sources = operands.map((operand) => sourceOf(context, operand));
  const heights = operands.map(({ size }) => size.height / blocks);
  const tops = heights.map((_, index) => heights.slice(0, index).reduce((sum, rows) => sum + rows, 0));
  const block = spec.output.height / blocks;
  /** Rows of an operand that stand above a row of the output. */
  const above = (index: number, y: number): number => {
    const within = Math.max(0, Math.min((y % block) - tops[index]!, heights[index]!));
    return Math.floor(y / block) * heights[index]! + within;
  };
  const rowsOfStream = (input: number, from: number, to: number): RowRange => {
    const index = operands.findIndex((operand) => 'stream' in operand && operand.stream === input);
    const range = { from: above(index, from), to: above(index, to) };
    return range.from < range.to ? range : noRows;
  };
  return rowLayer(spec, {
    inputRows: rowsOfStream,
    row(y, dest, address) {
      const index = operands.findIndex((_, at) => heights[at]! > (y % block) - tops[at]!);
      const source = sources[index]!(above(index, y), address);
      context.kernels.copyFloats(source, dest, spec.output.width * spec.output.channels);
    },
  });
}

/** @throws DnnError `EINVAL` where the inputs do not make up the output. */
export const concatLayer: LayerFactory = (spec, context) => {
  const axisInput = spec.node.op === 'Concat' ? 0 : spec.inputs.length + spec.constants.size - 1;
  const operands = layerInputs(spec).filter((_, index) => index !== axisInput);
  const shapes = allShapes(spec).filter((_, index) => index !== axisInput);
  const shape = outputShape(spec);
  const axis = joinedAxis(constantNumbers(spec, axisInput)[0] ?? NaN, shapes, shape);
  if (axis === undefined) throw nodeError(spec.node, 'joins inputs that do not make up its output');
  const fromEnd = shape.length - axis;
  if (fromEnd > 2) return stacked(spec, context, operands, countOf(shape.slice(0, axis)));
  const sources = operands.map((operand) => sourceOf(context, operand));
  const { width, channels } = spec.output;
  let offset = 0;
  const blocks = operands.map(({ size }) => {
    const first = offset;
    if (fromEnd === 2) {
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
