/** Compares the default models with the formula that the weights' package publishes, read off its shaders. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTensorflowModule } from '../src/backends/tensorflow/tensorflow-module.ts';
import type { DNNModule } from '../src/dnn/contract/interface.ts';
import { readGraphDef } from '../src/model/graphdef/read-graphdef.ts';
import { convertDefaultModels, defaultModelSizes, readWeights } from './convert-default-models.mjs';

type Layers = Readonly<
  Record<string, { readonly weights: readonly number[]; readonly bias: readonly number[] }>
>;
type Vec4 = [number, number, number, number];
/** A storage buffer of the shaders: one vec4 a pixel. */
type Buffer4 = (x: number, y: number) => Vec4;

const width = 14;
const height = 11;

/** Red, green and blue that differ from each other and from left to right, with edges and a flat part. */
const picture = Float32Array.from({ length: width * height * 3 }, (_, index) => {
  const x = Math.floor(index / 3) % width;
  const y = Math.floor(index / (3 * width));
  const channel = index % 3;
  if (x > 9 && y > 6) return 0.25;
  return Math.abs(Math.sin(x * (1.1 + channel) + y * 0.7)) * (y % 4 === 0 ? 1 : 0.6);
});

function texel(x: number, y: number, channel: number): number {
  return picture[(y * width + x) * 3 + channel]!;
}

/** The shaders' `kernels[index] * value`: a column of the matrix belongs to a component of the value. */
function addProduct(sum: Vec4, kernels: readonly number[], index: number, value: Vec4): void {
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++) sum[row]! += kernels[index * 16 + column * 4 + row]! * value[column]!;
}

/** kernel_offsets of every 3x3 shader. */
const offsets = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y] as const));

const positive = (value: Vec4): Vec4 => value.map((v) => Math.max(v, 0)) as Vec4;
const negative = (value: Vec4): Vec4 => value.map((v) => Math.max(-1 * v, 0)) as Vec4;

/** Runs a shader over the picture; what is read outside is zero, as in the published training code. */
function dispatch(shader: (x: number, y: number) => Vec4): Buffer4 {
  const buffer = Array.from({ length: width * height }, (_, i) => shader(i % width, Math.floor(i / width)));
  return (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? [0, 0, 0, 0] : buffer[y * width + x]!);
}

/** conv2d-3x4, conv2d-8x4, conv2d-16x4: nine taps for each term of the inputs. */
function conv3x3(terms: readonly Buffer4[], layer: Layers[string]): Buffer4 {
  return dispatch((x, y) => {
    const result: Vec4 = [0, 0, 0, 0];
    offsets.forEach(([dx, dy], tap) => {
      terms.forEach((term, index) => {
        addProduct(result, layer.weights, tap + 9 * index, term(x + dx, y + dy));
      });
    });
    return result.map((value, row) => value + layer.bias[row]!) as Vec4;
  });
}

/** conv2d-56x4, and both passes of conv2d-112x4 with conv2d-concat2. */
function conv1x1(terms: readonly Buffer4[], layer: Layers[string]): Buffer4 {
  return dispatch((x, y) => {
    const result: Vec4 = [0, 0, 0, 0];
    terms.forEach((term, index) => {
      addProduct(result, layer.weights, index, term(x, y));
    });
    return result.map((value, row) => value + layer.bias[row]!) as Vec4;
  });
}

const relu = (buffer: Buffer4): Buffer4 => dispatch((x, y) => positive(buffer(x, y)));
const reluOfMinus = (buffer: Buffer4): Buffer4 => dispatch((x, y) => negative(buffer(x, y)));

/** textureSampleBaseClampToEdge at (x, y) in texels, texel centres at .5. */
function sample(x: number, y: number, channel: number): number {
  const clamp = (value: number, size: number): number => Math.min(Math.max(value, 0), size - 1);
  const [x0, y0] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [fx, fy] = [x - 0.5 - x0, y - 0.5 - y0];
  const at = (i: number, j: number): number => texel(clamp(i, width), clamp(j, height), channel);
  const top = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
  const bottom = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
  return top * (1 - fy) + bottom * fy;
}

/** display and display_3c: one buffer a colour. */
function display(buffers: readonly Buffer4[]): Float32Array {
  const output = new Float32Array(width * height * 4 * 3);
  for (let row = 0; row < 2 * height; row++)
    for (let column = 0; column < 2 * width; column++)
      for (let channel = 0; channel < 3; channel++) {
        const [x, y] = [(column + 0.5) / 2, (row + 0.5) / 2];
        const [x2, y2] = [Math.floor(x), Math.floor(y)];
        const index = Math.floor((x - x2) * 2) + Math.floor((y - y2) * 2) * 2;
        const value = buffers[channel]!(x2, y2)[index]!;
        output[(row * 2 * width + column) * 3 + channel] = sample(x, y, channel) + value;
      }
  return output;
}

/** cnn-2x-s.ts, cnn-2x-m.ts and cnn-2x-l.ts. */
const networks: Record<string, (layers: Layers) => Float32Array> = {
  s(layers) {
    let buffer = conv3x3([image], layers['conv2d_tf']!);
    for (const name of ['conv2d_1_tf', 'conv2d_2_tf', 'conv2d_last_tf'])
      buffer = conv3x3([relu(buffer), reluOfMinus(buffer)], layers[name]!);
    return display([buffer, buffer, buffer]);
  },
  m(layers) {
    const buffers = [conv3x3([image], layers['conv2d_tf']!)];
    for (let i = 1; i < 7; i++) {
      const last = buffers.at(-1)!;
      buffers.push(conv3x3([relu(last), reluOfMinus(last)], layers[`conv2d_${i}_tf`]!));
    }
    const terms = buffers.flatMap((buffer) => [relu(buffer), reluOfMinus(buffer)]);
    return display(['', '1', '2'].map((suffix) => conv1x1(terms, layers[`conv2d_7_tf${suffix}`]!)));
  },
  l(layers) {
    const pairs = [[conv3x3([image], layers['conv2d_tf']!), conv3x3([image], layers['conv2d_tf1']!)]];
    for (let i = 1; i < 7; i++) {
      const last = pairs.at(-1)!;
      const terms = [...last.map(relu), ...last.map(reluOfMinus)];
      pairs.push(['', '1'].map((suffix) => conv3x3(terms, layers[`conv2d_${i}_tf${suffix}`]!)));
    }
    const terms = pairs.flatMap((pair) => [...pair.map(relu), ...pair.map(reluOfMinus)]);
    return display(['', '1', '2'].map((suffix) => conv1x1(terms, layers[`conv2d_last_tf${suffix}`]!)));
  },
};

/** textureLoad: alpha is 1 within the picture. */
const image: Buffer4 = (x, y) =>
  x < 0 || y < 0 || x >= width || y >= height
    ? [0, 0, 0, 0]
    : [texel(x, y, 0), texel(x, y, 1), texel(x, y, 2), 1];

describe('the default models', () => {
  const folder = mkdtempSync(join(tmpdir(), 'default-models-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  let tensorflow: DNNModule;
  let paths: readonly string[];
  beforeAll(async () => {
    const binaries = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm';
    tensorflow = await createTensorflowModule({
      simdWasmURL: `${binaries}-simd.wasm`,
      wasmURL: `${binaries}.wasm`,
    });
    paths = await convertDefaultModels(folder);
  });

  it.each(defaultModelSizes)('%s computes the published formula', async (size) => {
    const path = paths[defaultModelSizes.indexOf(size)]!;
    const graph = readGraphDef(readFileSync(path), path);
    const model = await tensorflow.loadModel({ graph, batchFree: false, input: 'x', outputs: ['y'] });
    const [output] = await model.execute({ data: picture, dims: [1, height, width, 3] });
    model.close();
    const expected = networks[size]!((await readWeights(size)).layers);
    expect(output!.dims).toEqual([1, 2 * height, 2 * width, 3]);
    const worst = output!.data.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
    expect(worst).toBeLessThan(1e-5);
    // The network adds something to the enlargement, or the comparison would say little.
    const details = expected.map((value, i) => {
      const pixel = Math.floor(i / 3);
      const [column, row] = [pixel % (2 * width), Math.floor(pixel / (2 * width))];
      return Math.abs(value - sample((column + 0.5) / 2, (row + 0.5) / 2, i % 3));
    });
    expect(Math.max(...details)).toBeGreaterThan(0.05);
  });

  it('are left alone where they are right and made again where they are not', async () => {
    const [first, second] = paths as [string, string];
    const before = statSync(first).mtimeMs;
    writeFileSync(second, 'half a file');
    expect(await convertDefaultModels(folder)).toEqual(paths);
    expect(statSync(first).mtimeMs).toBe(before);
    expect(statSync(second).size).toBeGreaterThan(10_000);
  });
});
