/** Keras layers models of one layer, and plain images to compare their results with, for tests. */
import { expect } from 'vitest';
import { optimizeGraph } from '../../../graph/optimize-graph.ts';
import { loadModel } from '../../../model/load-model.ts';
import { nativeModel } from './native-model.test-support.ts';
import { testValues } from './run-layer.test-support.ts';

/** One image: `height * width * channels` values. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

interface KerasWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

type Config = Readonly<Record<string, unknown>>;

/** A layer as model.json has it; its weights by their short names. */
export interface KerasLayer {
  readonly className: string;
  readonly config?: Config;
  readonly weights?: Readonly<Record<string, { shape: readonly number[]; data: Float32Array }>>;
}

export function picture(height: number, width: number, channels: number, seed: number): Image {
  const data = testValues(height * width * channels, seed).map((value) => 2.5 * value);
  return { height, width, channels, data };
}

/** What the layers get where nothing else is said. */
export const input = picture(7, 6, 3, 5);

export function weight(
  seed: number,
  ...shape: readonly number[]
): { shape: readonly number[]; data: Float32Array } {
  return {
    shape,
    data: testValues(
      shape.reduce((product, size) => product * size, 1),
      seed,
    ),
  };
}

/** Runs a layers model of a topology. */
export async function run(
  topology: Config,
  weights: readonly KerasWeight[],
  x: Image,
  ends: { readonly input: string; readonly output: string },
): Promise<Image> {
  const json = {
    format: 'layers-model',
    modelTopology: { keras_version: 'tfjs-layers 4.22.0', model_config: topology },
    weightsManifest: [
      { paths: ['w.bin'], weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
  };
  const values = Float32Array.from(weights.flatMap(({ data }) => [...data]));
  const graph = await loadModel('model.json', (path) =>
    Promise.resolve(
      path === 'model.json' ? new TextEncoder().encode(JSON.stringify(json)) : new Uint8Array(values.buffer),
    ),
  );
  const names = { input: ends.input, outputs: [ends.output] };
  const { graph: optimized, batchFree } = optimizeGraph(graph, names);
  const native = nativeModel({ graph: optimized, batchFree, ...names });
  const [result] = await native.execute({ data: x.data, dims: [1, x.height, x.width, x.channels] });
  const [, height, width, channels] = result!.dims;
  const image = { height, width, channels, data: result!.data.slice() };
  native.close();
  return image;
}

/** A model of one layer behind the input. */
export function runLayer({ className, config = {}, weights = {} }: KerasLayer, x = input): Promise<Image> {
  const layers = [
    {
      class_name: 'InputLayer',
      config: { name: 'x', batch_input_shape: [null, x.height, x.width, x.channels] },
    },
    { class_name: className, config: { name: 'y', ...config } },
  ];
  const list = Object.entries(weights).map(([name, value]) => ({ name: `y/${name}`, ...value }));
  const topology = { class_name: 'Sequential', config: { name: 'm', layers } };
  return run(topology, list, x, { input: 'x', output: 'y' });
}

/** A model whose one layer joins activations of the input. */
export function runMerge(
  className: string,
  activations: readonly string[],
  config: Config = {},
): Promise<Image> {
  const layers = [
    {
      class_name: 'InputLayer',
      name: 'x',
      config: { name: 'x', batch_input_shape: [null, null, null, input.channels] },
      inbound_nodes: [],
    },
    ...activations.map((activation, index) => ({
      class_name: 'Activation',
      name: `a${index}`,
      config: { name: `a${index}`, activation },
      inbound_nodes: [[['x', 0, 0, {}]]],
    })),
    {
      class_name: className,
      name: 'y',
      config: { name: 'y', ...config },
      inbound_nodes: [activations.map((_, index) => [`a${index}`, 0, 0, {}])],
    },
  ];
  const topology = {
    class_name: 'Model',
    config: { name: 'm', layers, input_layers: [['x', 0, 0]], output_layers: [['y', 0, 0]] },
  };
  return run(topology, [], input, { input: 'x', output: 'y' });
}

/** Value at a row, column and channel; 0 outside. */
export function at({ height, width, channels, data }: Image, y: number, x: number, c: number): number {
  return y < 0 || x < 0 || y >= height || x >= width ? 0 : data[(y * width + x) * channels + c]!;
}

export function make(
  height: number,
  width: number,
  channels: number,
  value: (y: number, x: number, c: number) => number,
): Image {
  const data = new Float32Array(height * width * channels);
  let index = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) data[index++] = value(y, x, c);
  }
  return { height, width, channels, data };
}

export function map(image: Image, value: (v: number, c: number) => number): Image {
  const data = image.data.map((v, index) => value(v, index % image.channels));
  return { ...image, data };
}

export function expectImage(actual: Image, wanted: Image): void {
  const size = ({ height, width, channels }: Image): number[] => [height, width, channels];
  expect(size(actual)).toEqual(size(wanted));
  for (const [index, value] of wanted.data.entries()) {
    const error = Math.abs(actual.data[index]! - value) / Math.max(1, Math.abs(value));
    if (!(error < 2e-6)) throw new Error(`value ${index} is ${actual.data[index]}, not ${value}`);
  }
}

/** Output size and the first index that is read, along one axis. */
function window(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: string,
): { readonly count: number; readonly before: number } {
  const reach = (kernel - 1) * dilation + 1;
  if (padding === 'valid') return { count: Math.floor((size - reach) / stride) + 1, before: 0 };
  const count = Math.ceil(size / stride);
  return { count, before: Math.floor(Math.max((count - 1) * stride + reach - size, 0) / 2) };
}

export interface Geometry {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: string;
}

/** What a sliding window makes: `sum` gets the taps' positions in input and kernel. */
export function slide(
  x: Image,
  channels: number,
  { kernel, strides, dilation, padding }: Geometry,
  sum: (taps: readonly { y: number; x: number; ky: number; kx: number }[], c: number) => number,
): Image {
  const [rows, columns] = [0, 1].map((axis) =>
    window(axis === 0 ? x.height : x.width, kernel[axis]!, strides[axis]!, dilation[axis]!, padding),
  ) as [ReturnType<typeof window>, ReturnType<typeof window>];
  return make(rows.count, columns.count, channels, (oy, ox, c) => {
    const taps = [];
    for (let ky = 0; ky < kernel[0]; ky++) {
      for (let kx = 0; kx < kernel[1]; kx++) {
        const y = oy * strides[0] + ky * dilation[0] - rows.before;
        taps.push({ y, x: ox * strides[1] + kx * dilation[1] - columns.before, ky, kx });
      }
    }
    return sum(taps, c);
  });
}
