import { expect, test } from 'vitest';
import { wasmOps } from '../../backends/native/wasm/layer-table.ts';
import {
  onnxInts,
  onnxNode,
  onnxValue,
  writeOnnx,
  type TestNode,
} from '../../model/onnx/onnx-writer.test-support.ts';
import { openFilterModel, opsWithoutKernel, type FilterModel } from './open-filter-model.ts';

function model(...nodes: readonly TestNode[]): Uint8Array {
  const values = { inputs: [onnxValue('x', [1, 3, 4, 4])], outputs: [onnxValue('y', [1, 3, 4, 4])] };
  return writeOnnx({ graph: { ...values, nodes, constants: [onnxInts('k', [4])] } });
}
const known = model(onnxNode('Relu', ['x'], 'y'));
const unknown = model(onnxNode('GridSample', ['x', 'x'], 'y'));
const ranked = model({ op: 'TopK', inputs: ['x', 'k'], outputs: ['y', 'i'] });

const said: string[] = [];

function open(bytes: Uint8Array, context: object): Promise<FilterModel> {
  said.length = 0;
  return openFilterModel(
    { model: 'm.onnx', backendType: 'onnx', dnnBackend: 'onnx', ...context },
    '/m.onnx',
    () => Promise.resolve(bytes),
    {},
    (_level, message) => said.push(message),
  );
}

test('the kernels run what they know', async () => {
  for (const context of [{}, { engine: 'auto' }, { engine: 'native' }, { dnnBackend: undefined }]) {
    const opened = await open(known, context);
    expect(opened.backendType).toBe('native');
    expect(opened).not.toHaveProperty('file');
  }
  expect(said).toEqual([]);
});

test('ONNX Runtime runs the file where an operator is not known, or where it is asked for', async () => {
  const opened = await open(unknown, {});
  expect(opened).toMatchObject({ backendType: 'onnx', file: { bytes: unknown, external: [] } });
  expect(opened.graph.signature).toEqual({ inputs: { x: 'x' }, outputs: { y: 'y' } });
  expect(said).toEqual(['m.onnx: runs on ONNX Runtime (the kernels here do not have GridSample)']);
  const asked = await open(known, { engine: 'ort' });
  expect(asked).toMatchObject({ backendType: 'onnx', file: { bytes: known } });
  // Sizes follow from the graph, where it can be read.
  expect(asked.graph.nodes.some(({ op }) => op === 'Relu')).toBe(true);
  expect(said).toEqual(['m.onnx: runs on ONNX Runtime (engine=ort)']);
});

test('other backends say what is not known, and who may know it', async () => {
  await expect(open(unknown, { engine: 'native' })).rejects.toThrow(/GridSample/);
  const native = { backendType: 'native', dnnBackend: 'native' };
  await expect(open(unknown, native)).rejects.toThrow(/GridSample.*or write dnn_backend=onnx/);
  expect((await open(known, native)).backendType).toBe('native');
});

test('a damaged file is no reason for ONNX Runtime', async () => {
  await expect(open(unknown.subarray(0, 30), {})).rejects.toMatchObject({ code: 'EINVAL' });
  expect(said).toEqual([]);
});

test('ops that are known, and have no kernel, are for ONNX Runtime too', async () => {
  expect([...opsWithoutKernel].filter((op) => wasmOps.has(op))).toEqual([]);
  expect((await open(ranked, {})).backendType).toBe('onnx');
  expect(said[0]).toContain('TopKV2');
  expect((await open(ranked, { engine: 'native' })).backendType).toBe('native');
});
