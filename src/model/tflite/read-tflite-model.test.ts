import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { Tensor } from '../../graph/graph.ts';
import { constTensor } from '../../graph/node-attrs.ts';
import { optimizeGraph } from '../../graph/optimize-graph.ts';
import { readTfliteModel } from './read-tflite-model.ts';
import { floatBytes, intBytes, writeTflite, type TestModel } from './tflite-writer.test-support.ts';

/** A convolution of 1 to 2 channels with a fused Relu6, then a pad. */
const model: TestModel = {
  tensors: [
    { name: 'x', shape: [1, 4, 4, 1] },
    { name: 'w', shape: [2, 1, 2, 1], data: floatBytes([1, 2, 3, 4]) },
    { name: 'b', shape: [2], data: floatBytes([5, 6]) },
    { name: 'c', shape: [1, 4, 4, 2] },
    { name: 'p', shape: [4, 2], type: 'int32', data: intBytes([0, 0, 1, 1, 1, 1, 0, 0]) },
    { name: 'y', shape: [1, 6, 6, 2] },
  ],
  inputs: ['x'],
  outputs: ['y'],
  operators: [
    {
      op: 'CONV_2D',
      inputs: ['x', 'w', 'b'],
      outputs: ['c'],
      options: { 0: { int8: 0 }, 1: { int32: 1 }, 2: { int32: 1 }, 3: { int8: 3 } },
    },
    { op: 'PAD', inputs: ['c', 'p'], outputs: ['y'] },
  ],
};

function constants(bytes: Uint8Array): Tensor[] {
  return readTfliteModel(bytes, 'm.tflite').graph.nodes.flatMap((node) => constTensor(node) ?? []);
}

function refusal(bytes: Uint8Array): DnnError {
  try {
    readTfliteModel(bytes, 'm.tflite');
  } catch (error) {
    if (error instanceof DnnError) return error;
  }
  throw new Error('nothing was refused');
}

test('nodes have the names of the tensors, weights the order of TensorFlow', () => {
  const { graph } = readTfliteModel(writeTflite(model), 'm.tflite');
  expect(graph.signature).toEqual({ inputs: { x: 'x' }, outputs: { y: 'y' } });
  expect(graph.nodes.map(({ name, op }) => `${name}: ${op}`)).toEqual([
    'x: Placeholder',
    'c/constant: Const',
    'c/Conv2D: Conv2D',
    'b: Const',
    'c/BiasAdd: BiasAdd',
    'c: Relu6',
    'p: Const',
    'y: Pad',
  ]);
  expect(constants(writeTflite(model))[0]).toEqual({
    dtype: 'float32',
    shape: [1, 2, 1, 2],
    data: Float32Array.of(1, 3, 2, 4),
  });
});

test('height and width are open where the model is told to take frames of any size', () => {
  const { graph } = readTfliteModel(writeTflite(model), 'm.tflite', { inputResizable: true });
  expect(graph.nodes[0]!.attrs['shape']).toEqual({ shape: [1, -1, -1, 1] });
});

describe('quantised values', () => {
  const quantised: TestModel = {
    ...model,
    tensors: [
      { name: 'x', shape: [1, 1, 1, 1], type: 'uint8', scales: [0.5], zeros: [128] },
      {
        name: 'w',
        shape: [2, 1, 1, 1],
        type: 'int8',
        data: Uint8Array.of(3, 253),
        scales: [0.5, 2],
        zeros: [0, 0],
      },
      { name: 'b', shape: [2], type: 'int32', data: intBytes([4, 8]), scales: [0.25, 1], zeros: [0, 0] },
      { name: 'y', shape: [1, 1, 1, 2], type: 'int8', scales: [0.25], zeros: [-100] },
    ],
    operators: [{ ...model.operators[0]!, outputs: ['y'] }],
  };

  test('constants become real values, with a scale a channel', () => {
    const [, , weights, bias] = constants(writeTflite(quantised));
    expect(weights!.data).toEqual(Float32Array.of(1.5, -6));
    expect(bias!.data).toEqual(Float32Array.of(1, 8));
  });

  test('bytes are fed, results are rounded to the steps of their tensor', () => {
    const { graph } = readTfliteModel(writeTflite(quantised), 'm.tflite');
    const ops = graph.nodes.filter(({ op }) => op !== 'Const').map(({ op }) => op);
    const computed = ['Conv2D', 'BiasAdd', 'Relu6', 'RealDiv', 'Round', 'ClipByValue', 'Mul'];
    expect(ops).toEqual(['Placeholder', 'Cast', 'Sub', 'Mul', ...computed]);
    expect(graph.nodes[0]!.attrs['dtype']).toEqual({ type: 'uint8' });
    // The ends of int8, less the zero point.
    const scalars = constants(writeTflite(quantised)).filter(({ shape }) => shape.length === 0);
    expect(scalars.map(({ data }) => data[0])).toEqual([128, 0.5, 0.25, -28, 227]);
  });
});

test('labels stand in an archive behind the model', () => {
  const utf8 = new TextEncoder();
  const name = utf8.encode('labelmap.txt');
  const labels = utf8.encode('cat\nowl\n');
  const uint32 = (value: number): number[] => [...new Uint8Array(Uint32Array.of(value).buffer)];
  const uint16 = (value: number): number[] => [value & 255, value >> 8];
  const sizes = [...uint32(labels.length), ...uint32(labels.length), ...uint16(name.length), 0, 0];
  const stamp = [...uint16(20), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const local = [...uint32(0x04034b50), ...stamp, ...sizes, ...name, ...labels];
  const zeros = Array<number>(10).fill(0);
  const entry = [...uint32(0x02014b50), ...uint16(20), ...stamp, ...sizes, ...zeros, 0, 0, 0, 0, ...name];
  const end = [
    ...uint32(0x06054b50),
    0,
    0,
    0,
    0,
    1,
    0,
    1,
    0,
    ...uint32(entry.length),
    ...uint32(local.length),
    0,
    0,
  ];
  const bytes = Uint8Array.from([...writeTflite(model), ...local, ...entry, ...end]);
  expect(readTfliteModel(bytes, 'm.tflite').labels).toEqual(['cat', 'owl']);
});

test('operators that are not known are named all at once', () => {
  const error = refusal(
    writeTflite({
      ...model,
      operators: [
        { op: 'TFLite_Detection_PostProcess', inputs: ['x'], outputs: ['c'] },
        { op: 'TOPK_V2', inputs: ['x'], outputs: ['y'] },
      ],
    }),
  );
  expect(error.code).toBe('ENOSYS');
  expect(error.details['layers']).toEqual(['TFLite_Detection_PostProcess', 'TOPK_V2']);
});

test('weights of the wrong size are an error with the offset', () => {
  const tensors = model.tensors.map((one) => (one.name === 'w' ? { ...one, data: floatBytes([1]) } : one));
  const error = refusal(writeTflite({ ...model, tensors }));
  expect(error.message).toMatch(/tensor 'w' at byte \d+ has 4 bytes for the shape \[2, 1, 2, 1\] of float32/);
});

describe('damaged files end in an error of this project, or are read', () => {
  const bytes = writeTflite(model);

  function survives(damaged: Uint8Array): void {
    try {
      const { graph } = readTfliteModel(damaged, 'm.tflite');
      const names = new Set(graph.nodes.map(({ name }) => name));
      if (names.has('x') && names.has('y')) optimizeGraph(graph, { input: 'x', outputs: ['y'] });
    } catch (error) {
      if (!(error instanceof DnnError)) throw error;
    }
  }

  test('cut anywhere', () => {
    for (let length = 0; length < bytes.length; length++) survives(bytes.slice(0, length));
  });

  test('with other bytes', () => {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = bytes.slice();
        for (const [at, value] of changes) damaged[at] = value;
        survives(damaged);
      }),
      { numRuns: 2000 },
    );
  });
});
