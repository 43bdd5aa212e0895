/** The numbers of Keras activations, against what Keras' documentation defines. */
import { describe, test } from 'vitest';
import {
  type KerasLayer,
  at,
  expectImage,
  input,
  make,
  map,
  runLayer,
  weight,
} from './keras-layer.test-support.ts';

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
const clip = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high);

const activations: readonly (readonly [string, (v: number) => number])[] = [
  ['linear', (v) => v],
  ['relu', (v) => Math.max(v, 0)],
  ['relu6', (v) => clip(v, 0, 6)],
  ['tanh', Math.tanh],
  ['sigmoid', sigmoid],
  ['elu', (v) => (v > 0 ? v : Math.expm1(v))],
  ['selu', (v) => 1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * Math.expm1(v))],
  ['softplus', (v) => Math.log1p(Math.exp(v))],
  ['softsign', (v) => v / (1 + Math.abs(v))],
  ['swish', (v) => v * sigmoid(v)],
  ['hardSigmoid', (v) => clip(0.2 * v + 0.5, 0, 1)],
  ['hard_sigmoid', (v) => clip(0.2 * v + 0.5, 0, 1)],
];

describe('activations', () => {
  test.each(activations)('%s as a layer and within another one', async (activation, of) => {
    expectImage(await runLayer({ className: 'Activation', config: { activation } }), map(input, of));
    const kernel = weight(15, 1, 1, 3, 3);
    expectImage(
      await runLayer({
        className: 'Conv2D',
        config: { filters: 3, kernel_size: 1, use_bias: false, activation },
        weights: { kernel },
      }),
      make(7, 6, 3, (y, x, c) =>
        of([0, 1, 2].reduce((sum, k) => sum + at(input, y, x, k) * kernel.data[k * 3 + c]!, 0)),
      ),
    );
  });

  test('softmax over the channels', async () => {
    const wanted = make(input.height, input.width, 3, (y, x, c) => {
      const all = [0, 1, 2].map((k) => Math.exp(at(input, y, x, k)));
      return all[c]! / (all[0]! + all[1]! + all[2]!);
    });
    expectImage(await runLayer({ className: 'Activation', config: { activation: 'softmax' } }), wanted);
    expectImage(await runLayer({ className: 'Softmax', config: { axis: -1 } }), wanted);
  });

  const alpha = weight(16, 1, 1, 3);
  const slopes = weight(17, 7, 6, 3);
  test.each<[string, KerasLayer, (v: number, c: number) => number]>([
    ['ReLU', { className: 'ReLU' }, (v) => Math.max(v, 0)],
    ['ReLU to 6', { className: 'ReLU', config: { max_value: 6 } }, (v) => clip(v, 0, 6)],
    ['ReLU to 1', { className: 'ReLU', config: { max_value: 1 } }, (v) => clip(v, 0, 1)],
    [
      'ReLU with a slope',
      { className: 'ReLU', config: { negative_slope: 0.25, max_value: 2 } },
      (v) => Math.min(v > 0 ? v : 0.25 * v, 2),
    ],
    ['LeakyReLU', { className: 'LeakyReLU', config: { alpha: 0.1 } }, (v) => (v > 0 ? v : 0.1 * v)],
    ['LeakyReLU as it is', { className: 'LeakyReLU' }, (v) => (v > 0 ? v : 0.3 * v)],
    ['ELU', { className: 'ELU', config: { alpha: 1 } }, (v) => (v > 0 ? v : Math.expm1(v))],
    [
      'PReLU a channel',
      { className: 'PReLU', config: { shared_axes: [1, 2] }, weights: { alpha } },
      (v, c) => (v > 0 ? v : alpha.data[c]! * v),
    ],
  ])('%s', async (_name, layer, of) => {
    expectImage(await runLayer(layer), map(input, of));
  });

  test('PReLU of every value', async () => {
    const wanted = input.data.map((v, index) => (v > 0 ? v : slopes.data[index]! * v));
    expectImage(await runLayer({ className: 'PReLU', weights: { alpha: slopes } }), {
      ...input,
      data: wanted,
    });
  });
});
