/** Mean, Sum, Max, Min and Prod over any of height, width and channels. */
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerFactory } from '../layer.ts';
import { constantNumbers, onlyInput, rowAddress, valueCount } from './layer-input.ts';
import { noRows } from './row-layer.ts';
import { binaryCodes, truncatingDivision } from './binary.ts';
import { wrap, wrappingType } from './whole-numbers.ts';

const codes: Readonly<Record<string, number>> = { Mean: 0, Sum: 0, Max: 1, Min: 2, Prod: 3 };

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

/** The axes count in the rank of the input, which an image does not tell; the output's size does. */
function reducedAxes(spec: LayerSpec, input: ImageSize): Reduced {
  const axes = constantNumbers(spec, 1);
  for (const rank of [4, 3, 2]) {
    if ((rank < 4 && input.height !== 1) || (rank < 3 && input.width !== 1)) continue;
    const dimensions = new Set(axes.map((axis) => (axis < 0 ? axis + 4 : axis + 4 - rank)));
    if (dimensions.has(4 - rank) && axes.length > 0) continue;
    const over = { height: dimensions.has(1), width: dimensions.has(2), channels: dimensions.has(3) };
    if (valueCount(reducedSize(input, over)) === valueCount(spec.output)) return over;
  }
  throw nodeError(spec.node, `reduces the axes ${axes.join(', ')}, which contradicts its output`);
}

/** Sums are taken along the row first, then from row to row. */
export const reduceLayer: LayerFactory = (spec, { kernels }) => {
  const { node, output } = spec;
  const input = onlyInput(spec);
  const over = reducedAxes(spec, input);
  const type = wrappingType(node);
  const op = (type === undefined ? codes : codesOfWhole)[node.op] ?? 0;
  const size = reducedSize(input, over);
  const rowFloats = size.width * size.channels;
  // Without keep_dims the output may hold several rows of the reduced image in one.
  const perRow = (output.width * output.channels) / rowFloats;
  if (!over.height && !Number.isInteger(perRow))
    throw nodeError(node, 'has an output that is not made of rows');
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
    run(inputs, band, from, to, scratch) {
      new Float32Array(kernels.memory.buffer, scratch, 1).set(divisor);
      const dest = rowAddress(band, output, from);
      const rows = over.height ? { from: 0, to: input.height } : { from: from * perRow, to: to * perRow };
      for (let y = rows.from; y < rows.to; y++) {
        const at = over.height ? dest : dest + 4 * (y - rows.from) * rowFloats;
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
