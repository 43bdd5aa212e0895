/** Mean, Sum, Max, Min, Prod, All and Any over any axes. */
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerContext, LayerFactory } from '../layer.ts';
import { constantNumbers, inputShape, onlyInput, rowAddress, valueCount } from './layer-input.ts';
import { reduceStages, runStages, stageValues } from '../tensors/reduce-stages.ts';
import { noRows } from './row-layer.ts';
import { binaryCodes, truncatingDivision } from './binary.ts';
import { countOf } from '../tensors/tensor-strides.ts';
import { wholeLayer } from '../tensors/whole-layer.ts';
import { wrap, wrappingType } from './whole-numbers.ts';

const codes: Readonly<Record<string, number>> = { Mean: 0, Sum: 0, Max: 1, Min: 2, Prod: 3, All: 2, Any: 1 };

/** Of whole numbers, which wrap. */
const codesOfWhole: Readonly<Record<string, number>> = { ...codes, Mean: 4, Sum: 4, Prod: 5 };

interface Reduced {
  readonly height: boolean;
  readonly width: boolean;
  readonly channels: boolean;
}

function reducedSize(input: ImageSize, over: Reduced): ImageSize {
  return {
    height: over.height ? 1 : input.height,
    width: over.width ? 1 : input.width,
    channels: over.channels ? 1 : input.channels,
  };
}

/** The axes counted from the front. */
function reducedAxes(spec: LayerSpec): ReadonlySet<number> {
  const shape = inputShape(spec, 0);
  const axes = new Set(constantNumbers(spec, 1).map((axis) => (axis < 0 ? axis + shape.length : axis)));
  const left = shape.filter((_, axis) => !axes.has(axis));
  if ([...axes].some((axis) => !(axis < shape.length)) || countOf(left) !== valueCount(spec.output)) {
    throw nodeError(spec.node, `reduces the axes ${[...axes].join(', ')}, which contradicts its output`);
  }
  return axes;
}

/** What goes of an image `[1, height, width, channels]` or less; undefined for other tensors. */
function reducedOfImage(shape: readonly number[], axes: ReadonlySet<number>): Reduced | undefined {
  const missing = 4 - shape.length;
  if (missing < 0 || (missing === 0 && shape[0] !== 1)) return undefined;
  const has = (axis: number): boolean => axes.has(axis - missing);
  return { height: has(1), width: has(2), channels: has(3) };
}

/** Of any tensor: the whole input at once. */
function reduceTensor(spec: LayerSpec, { kernels }: LayerContext, axes: ReadonlySet<number>): Layer {
  const { node } = spec;
  const shape = inputShape(spec, 0);
  const stages = reduceStages(shape, axes);
  const type = wrappingType(node);
  const op = (type === undefined ? codes : codesOfWhole)[node.op] ?? 0;
  const [all, count] = [countOf(shape), valueCount(spec.output)];
  const divisor = new Float32Array([all / Math.max(1, count)]);
  return wholeLayer(spec, {
    scratchBytes: 16 + 8 * stageValues(stages),
    run([source], dest, scratch) {
      if (stages.length === 0) kernels.copyFloats(source!, dest, count);
      else runStages(kernels, op, stages, source!, dest, scratch + 16);
      wrap(kernels, type, dest, count);
      if (node.op !== 'Mean') return;
      new Float32Array(kernels.memory.buffer, scratch, 1).set(divisor);
      const division = type === undefined ? binaryCodes['RealDiv']! : truncatingDivision;
      kernels.binary(division, dest, scratch, dest, 1, count, 0, 1, 0, 0);
    },
  });
}

/** Sums of images are taken along the row first, then from row to row. */
export const reduceLayer: LayerFactory = (spec, context) => {
  const { node, output } = spec;
  const { kernels } = context;
  const input = onlyInput(spec);
  const axes = reducedAxes(spec);
  const over = reducedOfImage(inputShape(spec, 0), axes);
  const rows = over === undefined ? undefined : reducedSize(input, over);
  // Without keep_dims the output may hold several rows of the reduced image in one, but no parts of rows.
  const isMadeOfRows =
    rows !== undefined &&
    (over?.height === true ||
      Number.isInteger((output.width * output.channels) / (rows.width * rows.channels)));
  if (over === undefined || !isMadeOfRows) return reduceTensor(spec, context, axes);
  const type = wrappingType(node);
  const op = (type === undefined ? codes : codesOfWhole)[node.op] ?? 0;
  const size = reducedSize(input, over);
  const rowFloats = size.width * size.channels;
  const perRow = (output.width * output.channels) / rowFloats;
  const divisor = new Float32Array([valueCount(input) / Math.max(1, valueCount(size))]);
  const mean = node.op === 'Mean';
  return {
    output,
    rowGroup: 1,
    multiplyAdds: 0,
    inputRows: (_, from, to) => {
      if (to <= from) return noRows;
      return over.height ? { from: 0, to: input.height } : { from: from * perRow, to: to * perRow };
    },
    scratchBytes: () => 16,
    run(inputs, target, from, to, scratch) {
      new Float32Array(kernels.memory.buffer, scratch, 1).set(divisor);
      const dest = rowAddress(target, output, from);
      const band = over.height ? { from: 0, to: input.height } : { from: from * perRow, to: to * perRow };
      for (let y = band.from; y < band.to; y++) {
        const at = over.height ? dest : dest + 4 * (y - band.from) * rowFloats;
        const source = rowAddress(inputs[0]!, input, y);
        const first = !over.height || y === 0;
        kernels.reduce(op, source, at, input.width, input.channels, over.width, over.channels, first);
      }
      const count = (to - from) * output.width * output.channels;
      wrap(kernels, type, dest, count);
      if (!mean) return;
      const division = type === undefined ? binaryCodes['RealDiv']! : truncatingDivision;
      kernels.binary(division, dest, scratch, dest, 1, count, 0, 1, 0, 0);
    },
  };
};
