/** MaxPool and AvgPool (libavfilter/dnn/dnn_backend_native_layer_avgpool.c). */
import { intsAttr, nodeError, stringAttr } from '../../../../graph/node-attrs.ts';
import type { LayerFactory } from '../layer.ts';
import { onlyInput } from './layer-input.ts';
import { noRows, rowLayer } from './row-layer.ts';
import { unsupported } from './unsupported.ts';

/** Rows or columns before the image that the first window covers. */
function before(same: boolean, input: number, output: number, kernel: number, stride: number): number {
  return same ? Math.max((output - 1) * stride + kernel - input, 0) >> 1 : 0;
}

/** SAME and VALID windows; an average is of the taps inside the image. */
export const poolLayer: LayerFactory = (spec, { kernels }) => {
  const { node, output } = spec;
  const input = onlyInput(spec);
  const [kernelN = 1, kernelY = 1, kernelX = 1, kernelC = 1] = intsAttr(node, 'ksize');
  const [strideN = 1, strideY = 1, strideX = 1, strideC = 1] = intsAttr(node, 'strides');
  const padding = stringAttr(node, 'padding', 'VALID');
  const format = stringAttr(node, 'data_format', 'NHWC');
  if (format !== 'NHWC') throw unsupported(node, `has data_format ${format}`);
  if (padding !== 'SAME' && padding !== 'VALID') throw unsupported(node, `has padding ${padding}`);
  if (kernelN * kernelC * strideN * strideC !== 1) throw unsupported(node, 'pools over batch or channels');
  const same = padding === 'SAME';
  const expected = (size: number, kernel: number, stride: number): number =>
    Math.ceil((same ? size : size - kernel + 1) / stride);
  if (
    Math.min(kernelY, kernelX, strideY, strideX) < 1 ||
    output.height !== expected(input.height, kernelY, strideY) ||
    output.width !== expected(input.width, kernelX, strideX) ||
    output.channels !== input.channels
  ) {
    throw nodeError(node, 'has a window and strides that contradict its output');
  }
  const top = before(same, input.height, output.height, kernelY, strideY);
  const left = before(same, input.width, output.width, kernelX, strideX);
  const rowsOf = (from: number, to: number): { from: number; to: number } =>
    to <= from
      ? noRows
      : {
          from: Math.max(from * strideY - top, 0),
          to: Math.min((to - 1) * strideY - top + kernelY, input.height),
        };
  const { width, channels } = input;
  const maximum = node.op === 'MaxPool';
  return rowLayer(spec, {
    inputRows: (_, from, to) => rowsOf(from, to),
    row(y, dest, address) {
      const rows = rowsOf(y, y + 1);
      const source = address(0, rows.from);
      const count = rows.to - rows.from;
      kernels.pool(maximum, source, count, width, channels, kernelX, strideX, left, dest, output.width);
    },
  });
};
