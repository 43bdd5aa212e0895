/** Small frozen graphs that the specs write themselves, so that every result can be worked out by hand. */
import { DataType, GraphDefWriter } from '../scripts/graphdef-writer.mjs';

const ones = { ints: [1, 1, 1, 1] };

interface PointwiseOptions {
  /** `[height, width]` where the model takes one size only. */
  readonly size?: readonly [number, number];
}

/** A 1x1 convolution that multiplies each channel by its factor: input `x`, output `y`. */
export function scaleModel(
  factors: readonly number[],
  { size = [-1, -1] }: PointwiseOptions = {},
): Uint8Array {
  const channels = factors.length;
  const kernel = new Float32Array(channels * channels);
  factors.forEach((factor, channel) => (kernel[channel * (channels + 1)] = factor));
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [1, ...size, channels]);
  pointwise(graph, 'y', input, kernel, channels, channels);
  return graph.toBytes();
}

/** Repeats every pixel as a 2x2 block. */
export function doubleModel(channels: number): Uint8Array {
  // Out channel `block * channels + c` is channel c: DepthToSpace lays the four of them out as the block.
  const kernel = new Float32Array(channels * 4 * channels);
  for (let c = 0; c < channels; c++) {
    for (let block = 0; block < 4; block++) kernel[c * 4 * channels + block * channels + c] = 1;
  }
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [1, -1, -1, channels]);
  const blocks = pointwise(graph, 'blocks', input, kernel, channels, 4 * channels);
  graph.op('y', 'DepthToSpace', [blocks], { block_size: { i: 2 }, data_format: { s: 'NHWC' } });
  return graph.toBytes();
}

/**
 * Twice a factor: gray pixels taken apart in blocks of `block` x `block` and put back are added to those that
 * skip this; frames have to be multiples of the block.
 */
export function skipModel(factor: number, block: number): Uint8Array {
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [1, -1, -1, 1]);
  const scaled = pointwise(graph, 'scaled', input, Float32Array.of(factor), 1, 1);
  const attrs = { block_size: { i: block }, data_format: { s: 'NHWC' } };
  const apart = graph.op('apart', 'SpaceToDepth', [scaled], attrs);
  graph.op('y', 'AddV2', [graph.op('back', 'DepthToSpace', [apart], attrs), scaled]);
  return graph.toBytes();
}

/**
 * Twice the size, each pixel of it from 7x7 pixels in two layers: what a strip
 * gives depends on rows beyond it.
 */
export function windowModel(channels: number): Uint8Array {
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [1, -1, -1, channels]);
  const wide = graph.op('wide', 'Relu', [windowed(graph, 'five', input, [5, 5, channels, 8])]);
  const blocks = windowed(graph, 'three', wide, [3, 3, 8, 4 * channels]);
  graph.op('y', 'DepthToSpace', [blocks], { block_size: { i: 2 }, data_format: { s: 'NHWC' } });
  return graph.toBytes();
}

/** Keeps the size; each pixel of the result comes from 7x7 pixels in two layers. */
export function smoothModel(channels: number): Uint8Array {
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [1, -1, -1, channels]);
  const wide = graph.op('wide', 'Relu', [windowed(graph, 'five', input, [5, 5, channels, 8])]);
  windowed(graph, 'y', wide, [3, 3, 8, channels]);
  return graph.toBytes();
}

/**
 * Gives the picture as it is after `layers` convolutions that take their time: about
 * 0.23 GFLOP each for 64x48 pixels.
 */
export function slowModel(layers: number): Uint8Array {
  const width = 64;
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [1, -1, -1, 3]);
  const kernel = graph.constant('kernel', {
    shape: [3, 3, width, width],
    floats: Float32Array.from({ length: 9 * width * width }, (_, i) => Math.sin(i) / 100),
  });
  let last = windowed(graph, 'first', input, [3, 3, 3, width]);
  for (let layer = 0; layer < layers; layer++) last = convolved(graph, `layer${layer}`, last, kernel);
  const nothing = pointwise(graph, 'nothing', last, new Float32Array(3 * width), width, 3);
  graph.op('y', 'AddV2', [input, nothing]);
  return graph.toBytes();
}

/** A convolution whose weights differ from each other and add up to about 1. */
function windowed(
  graph: GraphDefWriter,
  name: string,
  input: string,
  shape: readonly [rows: number, columns: number, inChannels: number, outChannels: number],
): string {
  const [rows, columns, inChannels, outChannels] = shape;
  const inputs = rows * columns * inChannels;
  const floats = Float32Array.from({ length: inputs * outChannels }, (_, i) => (1 + Math.sin(i)) / inputs);
  return convolved(graph, name, input, graph.constant(`${name}/kernel`, { shape: [...shape], floats }));
}

/**
 * Halves every value of a picture of one channel, and throws where any is above 0.99 (252 of 255): such a
 * picture looks up a place that its table does not have. So a picture decides about its own failure, in any
 * batch. With `doubles` every pixel becomes a 2x2 block.
 */
export function faultModel({ doubles = false } = {}): Uint8Array {
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [1, -1, -1, 1]);
  const axes = graph.constant('axes', { shape: [3], ints: Int32Array.of(1, 2, 3) });
  const limit = graph.constant('limit', { shape: [], floats: Float32Array.of(0.99) });
  const table = graph.constant('table', { shape: [1], floats: Float32Array.of(0.5) });
  const axis = graph.constant('axis', { shape: [], ints: Int32Array.of(0) });
  const brightest = graph.op('brightest', 'Max', [input, axes], { keep_dims: { b: true } });
  const isBright = graph.op('is_bright', 'Greater', [brightest, limit]);
  const place = graph.op('place', 'Cast', [isBright], {
    SrcT: { type: DataType.bool },
    DstT: { type: DataType.int32 },
  });
  const factor = graph.op('factor', 'GatherV2', [table, place, axis], {
    Tparams: { type: DataType.float },
    Tindices: { type: DataType.int32 },
    Taxis: { type: DataType.int32 },
  });
  const halved = graph.op(doubles ? 'halved' : 'y', 'Mul', [input, factor]);
  if (doubles) {
    const blocks = graph.op(
      'blocks',
      'ConcatV2',
      [halved, halved, halved, halved, graph.constant('channels', { shape: [], ints: Int32Array.of(3) })],
      { N: { i: 4 } },
    );
    graph.op('y', 'DepthToSpace', [blocks], { block_size: { i: 2 }, data_format: { s: 'NHWC' } });
  }
  return graph.toBytes();
}

/** A graph of ops that no backend has. */
export function strangeModel(ops: readonly string[]): Uint8Array {
  const graph = new GraphDefWriter();
  let last = graph.placeholder('x', [1, -1, -1, 3]);
  ops.forEach((op, index) => (last = graph.op(`strange${index}`, op, [last])));
  graph.op('y', 'Relu', [last]);
  return graph.toBytes();
}

function pointwise(
  graph: GraphDefWriter,
  name: string,
  input: string,
  floats: Float32Array,
  inChannels: number,
  outChannels: number,
): string {
  const kernel = graph.constant(`${name}/kernel`, { shape: [1, 1, inChannels, outChannels], floats });
  return convolved(graph, name, input, kernel);
}

function convolved(graph: GraphDefWriter, name: string, input: string, kernel: string): string {
  const attrs = { strides: ones, dilations: ones, padding: { s: 'SAME' }, data_format: { s: 'NHWC' } };
  return graph.op(name, 'Conv2D', [input, kernel], attrs);
}

/**
 * The filter with a model of the store, on the backend that is quick to start
 * unless the spec is about another.
 */
export function dnn(model: string, more = '', backend: 'native' | 'tensorflow' = 'native'): string {
  return `dnn_processing=dnn_backend=${backend}:model=${model}:input=x:output=y${more}`;
}
