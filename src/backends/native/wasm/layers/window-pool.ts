/**
 * WindowPool, this project's own op: maximum, average or sum over windows with explicit paddings, dilations
 * and ceil_mode, as onnxruntime computes pools (core/providers/cpu/nn/pool_functors.h).
 */
import { boolAttr, nodeError, stringAttr } from '../../../../graph/node-attrs.ts';
import { pooled, poolWindows, type Window } from '../../../../graph/shapes/convolution-rules.ts';
import type { LayerFactory } from '../layer.ts';
import { onlyInput } from './layer-input.ts';
import { rowLayer, rowsOf } from './row-layer.ts';
import { unsupported } from './unsupported.ts';

/** What one window covers of an axis. */
interface Cover {
  /** First tap inside the input, and how many there are. */
  readonly first: number;
  readonly count: number;
  /** Taps that an average counts. */
  readonly divisor: number;
}

function covers(
  { size, stride, dilation, pads }: Window,
  length: number,
  output: number,
  counts: boolean,
): Cover[] {
  return Array.from({ length: output }, (_, index) => {
    const start = index * stride - pads[0];
    const from = Math.max(0, Math.ceil(-start / dilation));
    const to = Math.min(size, Math.ceil((length - start) / dilation));
    // Cells that only ceil_mode adds lie behind the padding: they never count.
    const padded = Math.min(size, Math.ceil((length + pads[1] - start) / dilation));
    const count = Math.max(0, to - from);
    return { first: start + from * dilation, count, divisor: counts ? padded : count };
  });
}

export const windowPoolLayer: LayerFactory = (spec, context) => {
  const { node, output } = spec;
  const input = onlyInput(spec);
  const mode = stringAttr(node, 'mode', 'max');
  if (!['max', 'average', 'sum'].includes(mode)) throw unsupported(node, `has mode ${mode}`);
  const [down, across] = poolWindows(node);
  const ceil = boolAttr(node, 'ceil_mode', false);
  const fits = (window: Window, length: number, count: number): boolean =>
    pooled(length, window, ceil) === count;
  if (!fits(down, input.height, output.height) || !fits(across, input.width, output.width)) {
    throw nodeError(node, 'has a window and strides that contradict its output');
  }
  const counts = boolAttr(node, 'count_include_pad', false);
  const rows = covers(down, input.height, output.height, counts);
  const pixelBytes = 4 * input.channels;
  const words = new Int32Array(4 * output.width);
  const factors = new Float32Array(words.buffer);
  const isAverage = mode === 'average';
  for (const [x, { first, count, divisor }] of covers(across, input.width, output.width, counts).entries()) {
    words.set([count === 0 ? 0 : first * pixelBytes, count], 4 * x);
    factors[4 * x + 2] = isAverage ? 1 / divisor : 1;
  }
  const columns = context.upload(words);
  const rowBytes = down.dilation * input.width * pixelBytes;
  const maximum = mode === 'max';
  return rowLayer(spec, {
    inputRows: (_, from, to) => {
      const used = rows.slice(from, to).filter(({ count }) => count > 0);
      return rowsOf(used.flatMap(({ first, count }) => [first, first + (count - 1) * down.dilation]));
    },
    row(y, dest, address) {
      const { first, count, divisor } = rows[y]!;
      const source = count === 0 ? 0 : address(0, first);
      const factor = isAverage ? 1 / divisor : 1;
      context.kernels.windowPool(
        maximum,
        source,
        count,
        rowBytes,
        columns,
        across.dilation * pixelBytes,
        input.channels,
        factor,
        dest,
        output.width,
      );
    },
  });
};
