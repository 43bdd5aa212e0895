/** Generated nets of ONNX give the bytes that onnxruntime gives. */
import { expect, test } from 'vitest';
import {
  onnxFloats,
  onnxNode as node,
  type TestNode,
  type TestTensor,
} from '../../../model/onnx/onnx-writer.test-support.ts';
import { runBoth, type Net } from './onnx-net.test-support.ts';

/** Numbers that follow from a seed. */
function generator(seed: number): () => number {
  let state = seed * 2654435761 + 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** A net of some blocks that ends in a picture of 3 channels between 0 and 1. */
class NetBuilder {
  readonly #nodes: TestNode[] = [];
  readonly #constants: TestTensor[] = [];
  readonly #random: () => number;
  #channels = 3;
  #last = 'x';
  #count = 0;

  constructor(seed: number) {
    this.#random = generator(seed);
  }

  build(): Net {
    const blocks = [
      () => {
        this.#convolution(this.#pick([8, 12, 16]));
      },
      () => {
        this.#depthwise();
      },
      () => {
        this.#residual();
      },
      () => {
        this.#activation();
      },
      () => {
        this.#downAndUp();
      },
      () => {
        this.#normalisation();
      },
      () => {
        this.#attention();
      },
    ];
    this.#convolution(8);
    for (let count = 3 + Math.floor(5 * this.#random()); count > 0; count--) this.#pick(blocks)();
    this.#enlarge();
    this.#convolution(3);
    this.#add('Sigmoid', [this.#last], 'y');
    return { nodes: this.#nodes, constants: this.#constants };
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  #add(
    op: string,
    inputs: readonly string[],
    name = `n${this.#count++}`,
    attributes: TestNode['attributes'] = {},
  ) {
    this.#nodes.push(node(op, inputs, name, attributes));
    this.#last = name;
    return name;
  }

  #floats(shape: readonly number[], scale: number, offset = 0): string {
    const name = `c${this.#count++}`;
    const count = shape.reduce((all, size) => all * size, 1);
    const values = Array.from({ length: count }, () => offset + (this.#random() * 2 - 1) * scale);
    this.#constants.push(onnxFloats(name, shape, values));
    return name;
  }

  #convolution(outputs: number): void {
    const size = this.#pick([1, 3, 3, 5]);
    const pad = (size - 1) / 2;
    const filter = this.#floats(
      [outputs, this.#channels, size, size],
      1.5 / Math.sqrt(this.#channels * size * size),
    );
    const bias = this.#floats([outputs], 0.2);
    this.#add('Conv', [this.#last, filter, bias], undefined, { pads: [pad, pad, pad, pad] });
    this.#channels = outputs;
  }

  #depthwise(): void {
    const filter = this.#floats([this.#channels, 1, 3, 3], 0.5);
    this.#add('Conv', [this.#last, filter], undefined, { pads: [1, 1, 1, 1], group: this.#channels });
  }

  #residual(): void {
    const before = this.#last;
    this.#convolution(this.#channels);
    this.#activation();
    this.#convolution(this.#channels);
    this.#add('Add', [before, this.#last]);
  }

  #activation(): void {
    const before = this.#last;
    switch (this.#pick(['Relu', 'LeakyRelu', 'PRelu', 'Silu', 'HardSwish', 'Clip', 'Gelu'])) {
      case 'Relu':
        this.#add('Relu', [before]);
        break;
      case 'LeakyRelu':
        this.#add('LeakyRelu', [before], undefined, { alpha: { f: 0.2 } });
        break;
      case 'PRelu':
        this.#add('PRelu', [before, this.#floats([this.#channels, 1, 1], 0.3)]);
        break;
      case 'Silu':
        this.#add('Mul', [before, this.#add('Sigmoid', [before])]);
        break;
      case 'HardSwish':
        this.#add('HardSwish', [before]);
        break;
      case 'Clip':
        this.#add('Clip', [before, this.#floats([], 0, -1), this.#floats([], 0, 1)]);
        break;
      default: {
        const erf = this.#add('Erf', [this.#add('Div', [before, this.#floats([], 0, Math.SQRT2)])]);
        const shifted = this.#add('Add', [erf, this.#floats([], 0, 1)]);
        this.#add('Mul', [this.#add('Mul', [before, shifted]), this.#floats([], 0, 0.5)]);
      }
    }
  }

  /** Half the size and back, joined with what was there. */
  #downAndUp(): void {
    const [before, channels] = [this.#last, this.#channels];
    this.#add(this.#pick(['MaxPool', 'AveragePool']), [before], undefined, {
      kernel_shape: [2, 2],
      strides: [2, 2],
    });
    this.#convolution(8);
    const factors = this.#factors();
    const mode = this.#pick(['linear', 'nearest']);
    this.#add('Resize', [this.#last, '', factors], undefined, { mode });
    this.#add('Concat', [before, this.#last], undefined, { axis: 1 });
    this.#channels = channels + 8;
    this.#convolution(12);
  }

  #normalisation(): void {
    const size = [this.#channels];
    const positive = this.#floats(size, 0.4, 1);
    const inputs = [this.#floats(size, 0.5, 1), this.#floats(size, 0.2), this.#floats(size, 0.2), positive];
    this.#add('BatchNormalization', [this.#last, ...inputs]);
  }

  /** Each channel times what the mean of all says. */
  #attention(): void {
    const before = this.#last;
    this.#add('GlobalAveragePool', [before]);
    const filter = this.#floats([this.#channels, this.#channels, 1, 1], 0.5);
    this.#add('Conv', [this.#last, filter]);
    this.#add('HardSigmoid', [this.#last]);
    this.#add('Mul', [before, this.#last]);
  }

  #factors(): string {
    const name = `c${this.#count++}`;
    this.#constants.push(onnxFloats(name, [4], [1, 1, 2, 2]));
    return name;
  }

  /** Twice the size, by one of the ways of super resolution. */
  #enlarge(): void {
    const way = this.#pick(['DCR', 'CRD', 'transposed']);
    if (way === 'transposed') {
      const filter = this.#floats([this.#channels, 8, 4, 4], 0.3);
      this.#add('ConvTranspose', [this.#last, filter], undefined, { strides: [2, 2], pads: [1, 1, 1, 1] });
      this.#channels = 8;
      return;
    }
    this.#convolution(16);
    this.#add('DepthToSpace', [this.#last], undefined, { blocksize: 2, mode: way });
    this.#channels = 4;
  }
}

function bytesOf(values: Float32Array): Uint8ClampedArray {
  return Uint8ClampedArray.from(values, (value) => Math.round(value * 255));
}

test.each(Array.from({ length: 30 }, (_, seed) => seed))('net %i', async (seed) => {
  const net = new NetBuilder(seed).build();
  const random = generator(seed + 1000);
  const [height, width] = [16 + 2 * (seed % 4), 24 + 2 * (seed % 3)];
  const data = Float32Array.from({ length: 3 * height * width }, () => Math.floor(random() * 256) / 255);
  const declared = seed % 2 === 0 ? [1, 3, height, width] : ['n', 3, 'h', 'w'];
  const { expected, given, dims } = await runBoth(net, declared, [1, 3, height, width], data);
  expect(dims).toEqual([1, 3, 2 * height, 2 * width]);
  const [wanted, seen] = [bytesOf(expected), bytesOf(given)];
  const different = wanted.filter((value, at) => value !== seen[at]).length;
  const largest = wanted.reduce((most, value, at) => Math.max(most, Math.abs(value - seen[at]!)), 0);
  expect(different / wanted.length).toBeLessThanOrEqual(0.001);
  expect(largest).toBeLessThanOrEqual(1);
});
