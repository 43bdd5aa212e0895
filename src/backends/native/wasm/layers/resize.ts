/**
 * ResizeBilinear and ResizeNearestNeighbor
 * (tensorflow/core/kernels/image/resize_*_op.cc, image_resizer_state.h).
 */
import { boolAttr, nodeError } from '../../../../graph/node-attrs.ts';
import type { GraphNode } from '../../../../graph/graph.ts';
import type { LayerFactory } from '../layer.ts';
import { gatherLayer, identityMap } from './gather.ts';
import { onlyInput } from './layer-input.ts';
import { rowLayer, rowsOf } from './row-layer.ts';

const { fround } = Math;

/** Two neighbours in the input and how far an output lies between them. */
interface Tap {
  readonly low: number;
  readonly high: number;
  readonly fraction: number;
}

/** Where output `at` lies in the input, in float32 as TensorFlow computes it. */
function scaler(
  node: GraphNode,
  input: number,
  output: number,
): { readonly align: boolean; readonly half: boolean; readonly scale: number } {
  const align = boolAttr(node, 'align_corners', false);
  const half = boolAttr(node, 'half_pixel_centers', false);
  if (align && half) throw nodeError(node, 'has both align_corners and half_pixel_centers');
  const scale = align && output > 1 ? (input - 1) / (output - 1) : input / output;
  return { align, half, scale: fround(scale) };
}

function nearest(node: GraphNode, input: number, output: number): number[] {
  const { align, half, scale } = scaler(node, input, output);
  return Array.from({ length: output }, (_, at) => {
    const position = fround((half ? at + 0.5 : at) * scale);
    const index = align ? Math.round(position) : Math.floor(position);
    return Math.max(0, Math.min(index, input - 1));
  });
}

function bilinear(node: GraphNode, input: number, output: number): Tap[] {
  const { half, scale } = scaler(node, input, output);
  return Array.from({ length: output }, (_, at) => {
    const position = half ? fround(fround((at + 0.5) * scale) - 0.5) : fround(at * scale);
    const low = Math.floor(position);
    return {
      low: Math.max(low, 0),
      high: Math.max(0, Math.min(Math.ceil(position), input - 1)),
      fraction: fround(position - low),
    };
  });
}

export const resizeNearestLayer: LayerFactory = (spec, context) => {
  const input = onlyInput(spec);
  return gatherLayer(spec, context, {
    rows: nearest(spec.node, input.height, spec.output.height),
    columns: nearest(spec.node, input.width, spec.output.width),
    channels: identityMap(input.channels),
  });
};

export const resizeBilinearLayer: LayerFactory = (spec, context) => {
  const { output, node } = spec;
  const input = onlyInput(spec);
  const rows = bilinear(node, input.height, output.height);
  const words = new Int32Array(3 * output.width);
  const fractions = new Float32Array(words.buffer);
  for (const [x, { low, high, fraction }] of bilinear(node, input.width, output.width).entries()) {
    words[3 * x] = 4 * low * input.channels;
    words[3 * x + 1] = 4 * high * input.channels;
    fractions[3 * x + 2] = fraction;
  }
  const columns = context.upload(words);
  return rowLayer(spec, {
    inputRows: (_, from, to) => rowsOf(rows.slice(from, to).flatMap(({ low, high }) => [low, high])),
    row(y, dest, address) {
      const { low, high, fraction } = rows[y]!;
      const [top, bottom] = [address(0, low), address(0, high)];
      context.kernels.resizeBilinear(top, bottom, fraction, columns, output.width, input.channels, dest);
    },
  });
};
