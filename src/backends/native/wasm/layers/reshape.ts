/** Reshape and its kin: the same values in the same order, in rows of another length. */
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { LayerFactory } from '../layer.ts';
import { onlyInput, rowAddress, valueCount } from './layer-input.ts';
import { noRows } from './row-layer.ts';

export const reshapeLayer: LayerFactory = (spec, { kernels }) => {
  const { output } = spec;
  const input = onlyInput(spec);
  if (valueCount(input) !== valueCount(output)) {
    throw nodeError(spec.node, `gives ${valueCount(input)} values a shape of ${valueCount(output)}`);
  }
  const inputRow = input.width * input.channels;
  const outputRow = output.width * output.channels;
  return {
    output,
    rowGroup: 1,
    multiplyAdds: 0,
    inputRows: (_, from, to) =>
      to <= from
        ? noRows
        : { from: Math.floor((from * outputRow) / inputRow), to: Math.ceil((to * outputRow) / inputRow) },
    scratchBytes: () => 0,
    run(inputs, band, from, to) {
      const first = rowAddress(inputs[0]!, input, 0) + 4 * from * outputRow;
      kernels.copyFloats(first, rowAddress(band, output, from), (to - from) * outputRow);
    },
  };
};
