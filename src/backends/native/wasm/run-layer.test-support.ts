/** Runs one layer in the kernels' memory, whole or in strips, for tests in Node. */
import type { GraphNode, Tensor } from '../../../graph/graph.ts';
import type { KernelExports } from './kernel-exports.ts';
import { testKernels } from './kernels.test-support.ts';
import type { Epilogue, ImageSize, LayerSpec, TensorShapes } from '../lowering/layer-spec.ts';
import type { KernelChoice, KernelData, Layer, LayerContext, LayerFactory, RowBand } from './layer.ts';
import type { KernelBuild } from './load-kernels.ts';

/** One image: `height * width * channels` values, row-major. */
export interface TestImage {
  readonly size: ImageSize;
  readonly data: Float32Array;
}

/** Neither bias nor activation nor residual. */
export const noEpilogue: Epilogue = { bias: undefined, activation: { kind: 'none' }, residual: undefined };

/** Bytes around each band that no layer may write. */
const guard = 64;
/** A NaN that no kernel makes: it marks memory that was never written and poisons sums that read it. */
const poison = 0x7fc5a5a5;

const align = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/**
 * Builds a spec: `inputs` are the images that change, `constants` the others by the node's input index.
 *
 * @param shapes of tensors that are no images.
 */
export function layerSpec(
  node: Partial<GraphNode> & Pick<GraphNode, 'op'>,
  inputs: readonly ImageSize[],
  output: ImageSize,
  constants: Readonly<Record<number, Tensor>> = {},
  epilogue: Epilogue = noEpilogue,
  shapes?: TensorShapes,
): LayerSpec {
  const count = inputs.length + Object.keys(constants).length;
  return {
    node: { name: 'layer', inputs: Array.from({ length: count }, (_, i) => `i${i}`), attrs: {}, ...node },
    inputs,
    constants: new Map(Object.entries(constants).map(([index, tensor]) => [Number(index), tensor])),
    output,
    epilogue,
    ...(shapes === undefined ? {} : { shapes }),
  };
}

/**
 * Heights of strips, top to bottom: `pattern` groups of rows in turn, the last one cut at the image's end.
 */
export function stripHeights(layer: Layer, pattern: readonly number[]): number[] {
  const heights: number[] = [];
  let left = layer.output.height;
  for (let index = 0; left > 0; index++) {
    const rows = Math.min(left, layer.rowGroup * (pattern[index % pattern.length] ?? 1));
    heights.push(rows);
    left -= rows;
  }
  return heights;
}

/**
 * One instance of the kernels with a simple allocator. Weights stay; what a run uses is given back after it.
 */
export class LayerRunner implements LayerContext {
  readonly kernels: KernelExports;
  readonly kernelChoice: KernelChoice;
  #next: number;

  constructor(kernels: KernelExports, kernelChoice: KernelChoice = 'auto') {
    this.kernels = kernels;
    this.kernelChoice = kernelChoice;
    this.#next = align(kernels.heapBase());
  }

  /** A runner on a new instance of a build. */
  static async of(build: KernelBuild, kernelChoice: KernelChoice = 'auto'): Promise<LayerRunner> {
    return new LayerRunner(await testKernels(build), kernelChoice);
  }

  /** Byte address of new memory that is filled with poison. */
  allocate(bytes: number): number {
    const pointer = this.#next;
    const room = align(bytes);
    this.#next = pointer + room;
    const { memory } = this.kernels;
    const missing = this.#next - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint32Array(memory.buffer, pointer, room / 4).fill(poison);
    return pointer;
  }

  upload(given: KernelData | (() => KernelData)): number {
    const data = typeof given === 'function' ? given() : given;
    const pointer = this.allocate(data.byteLength + guard);
    new Uint8Array(this.kernels.memory.buffer).set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      pointer,
    );
    return pointer;
  }

  /** `count` values from a byte address on; a copy. */
  read(pointer: number, count: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, pointer, count).slice();
  }

  /**
   * The layer's whole output, computed in strips of the given heights (all rows at once without them). Each
   * strip sees only the input rows that the layer asks for, amid poison.
   *
   * @throws Error where a layer writes outside its output, leaves a value out
   * or names rows that do not exist.
   */
  run(layer: Layer, images: readonly TestImage[], strips = [layer.output.height]): Float32Array {
    const rowValues = layer.output.width * layer.output.channels;
    const result = new Float32Array(layer.output.height * rowValues);
    let from = 0;
    for (const rows of strips) {
      result.set(this.#strip(layer, images, from, from + rows), from * rowValues);
      from += rows;
    }
    if (from !== layer.output.height)
      throw new Error(`${from} rows of ${layer.output.height} were asked for`);
    return result;
  }

  #strip(layer: Layer, images: readonly TestImage[], from: number, to: number): Float32Array {
    const mark = this.#next;
    const { width, channels } = layer.output;
    const bands = images.map((image, index) => this.#load(layer, image, index, from, to));
    const values = (to - from) * width * channels;
    const before = this.allocate(guard);
    const pointer = this.allocate(4 * values);
    const after = this.allocate(guard);
    const scratchBytes = layer.scratchBytes(to - from);
    const scratch = this.allocate(scratchBytes);
    const end = this.allocate(guard);
    const inputs = bands.map(({ band }) => band);
    layer.run(inputs, { pointer, firstRow: from, rows: to - from }, from, to, scratch);
    for (const [name, address] of Object.entries({ before, after, end })) {
      if (this.#words(address, guard / 4).some((word) => word !== poison)) {
        throw new Error(`memory was written outside: ${name} the output or scratch`);
      }
    }
    for (const { band, bytes } of bands) {
      const now = Buffer.from(this.kernels.memory.buffer, band.pointer, bytes.length);
      if (!now.equals(bytes)) throw new Error('an input was written');
    }
    if (this.#words(pointer, values).includes(poison)) throw new Error('a value was not written');
    this.#next = mark;
    return this.read(pointer, values);
  }

  #load(
    layer: Layer,
    image: TestImage,
    index: number,
    from: number,
    to: number,
  ): { band: RowBand; bytes: Buffer } {
    const { height, width, channels } = image.size;
    const rows = layer.inputRows(index, from, to);
    if (rows.from < 0 || rows.to > height || rows.from > rows.to) {
      throw new Error(`rows ${rows.from} to ${rows.to} of ${height} of input ${index} were asked for`);
    }
    const part = image.data.slice(rows.from * width * channels, rows.to * width * channels);
    this.allocate(guard);
    const pointer = this.upload(part);
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    return { band: { pointer, firstRow: rows.from, rows: rows.to - rows.from }, bytes };
  }

  #words(pointer: number, count: number): Uint32Array {
    return new Uint32Array(this.kernels.memory.buffer, pointer, count);
  }
}

/** Makes and runs a layer, and fails where strips give other bits than the whole image. */
export function runInStrips(
  runner: LayerRunner,
  factory: LayerFactory,
  spec: LayerSpec,
  images: readonly Float32Array[],
  pattern: readonly number[] = [1],
): Float32Array {
  const layer = factory(spec, runner);
  const inputs = images.map((data, index): TestImage => ({ size: spec.inputs[index]!, data }));
  const whole = runner.run(layer, inputs);
  const strips = runner.run(layer, inputs, stripHeights(layer, pattern));
  const [bits, others] = [new Uint32Array(whole.buffer), new Uint32Array(strips.buffer)];
  const first = bits.findIndex((word, index) => word !== others[index]);
  if (first >= 0) {
    throw new Error(`${spec.node.op}: value ${first} is ${whole[first]!} whole, ${strips[first]!} in strips`);
  }
  return whole;
}

/** Values between -1 and 1 that depend on the seed alone. */
export function testValues(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A float32 constant. */
export function floats(shape: readonly number[], values: Iterable<number>): Tensor {
  return { dtype: 'float32', shape, data: Float32Array.from(values) };
}

/** An int32 constant. */
export function ints(shape: readonly number[], values: Iterable<number>): Tensor {
  return { dtype: 'int32', shape, data: Int32Array.from(values) };
}
