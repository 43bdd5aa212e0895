import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { optimizeGraph } from '../../graph/optimize-graph.ts';
import {
  onnxFloats,
  onnxInts,
  onnxNode,
  onnxValue,
  writeOnnx,
  type TestGraph,
} from './onnx-writer.test-support.ts';
import { readOnnxModel } from './read-onnx-model.ts';

const noFiles = (): Promise<Uint8Array> => Promise.reject(new Error('no such file'));

const bytes = writeOnnx({
  graph: {
    inputs: [onnxValue('x', [1, 3, 8, 8])],
    outputs: [onnxValue('y', [])],
    nodes: [
      onnxNode('Conv', ['x', 'w', 'b'], 'c', { pads: [1, 1, 1, 1], group: 1 }),
      onnxNode('Resize', ['c', '', 's'], 'r', { mode: 'linear' }),
      { op: 'Split', inputs: ['r'], outputs: ['p', 'q'], attributes: { axis: 1 } },
      onnxNode('MaxPool', ['q'], 'm', { kernel_shape: [3, 3], ceil_mode: 1, strides: [2, 2] }),
      onnxNode('Slice', ['m', 'one', 'two', 'one'], 'z'),
      onnxNode('Reshape', ['z', 'shape'], 'y'),
    ],
    constants: [
      onnxFloats('w', [4, 3, 3, 3], new Float32Array(108)),
      onnxFloats('b', [4], new Float32Array(4)),
      onnxFloats('s', [4], [1, 1, 2, 2]),
      onnxInts('one', [1]),
      onnxInts('two', [2]),
      onnxInts('shape', [0, -1]),
    ],
  },
  opset: 13,
});

async function refusal(bytes: Uint8Array): Promise<DnnError> {
  const error: unknown = await readOnnxModel(bytes, 'm.onnx', noFiles).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DnnError);
  return error as DnnError;
}

async function survives(damaged: Uint8Array): Promise<void> {
  try {
    const { graph } = await readOnnxModel(damaged, 'm.onnx', () => Promise.reject(new Error('no such file')));
    const names = new Set(graph.nodes.map(({ name }) => name));
    // Whoever optimises a graph has looked up its names.
    if (names.has('x') && names.has('y')) optimizeGraph(graph, { input: 'x', outputs: ['y'] });
  } catch (error) {
    if (!(error instanceof DnnError)) throw error;
  }
}

test('the whole one is read', async () => {
  await expect(readOnnxModel(bytes, 'm.onnx', noFiles)).resolves.toBeDefined();
});

test('cut at any length: an error that names the byte, or a smaller graph', async () => {
  let named = 0;
  for (let length = 1; length < bytes.length; length++) {
    const cut = bytes.subarray(0, length);
    try {
      await readOnnxModel(cut, 'm.onnx', noFiles);
    } catch (error) {
      expect(error).toBeInstanceOf(DnnError);
      if (/at byte \d+/.test((error as DnnError).message)) named++;
    }
  }
  expect(named).toBeGreaterThan(bytes.length - 30);
});

test('any bits turned end in a DnnError or in a graph', async () => {
  const flips = fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(flips, async (bits) => {
      const copy = bytes.slice();
      for (const bit of bits) copy[bit >> 3]! ^= 1 << (bit & 7);
      await survives(copy);
    }),
    { numRuns: 400 },
  );
});

test('any bytes in place of some', async () => {
  const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(edits, async (list) => {
      const copy = bytes.slice();
      for (const [at, byte] of list) copy[at] = byte;
      await survives(copy);
    }),
    { numRuns: 400 },
  );
});

test('graphs in graphs without end', async () => {
  let graph: TestGraph = { nodes: [onnxNode('Relu', ['x'], 'y')], outputs: [onnxValue('y', [])] };
  for (let depth = 0; depth < 60; depth++) {
    graph = { nodes: [onnxNode('If', ['x'], 'y', { then_branch: { graph } })], outputs: [] };
  }
  const error = await refusal(
    writeOnnx({
      graph: { inputs: [onnxValue('x', [1, 3, 8, 8])], outputs: [onnxValue('y', [])], nodes: graph.nodes },
    }),
  );
  expect(error.message).toMatch(/more than 32 graphs in each other at byte \d+/);
});
