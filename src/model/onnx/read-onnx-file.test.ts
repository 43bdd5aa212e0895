import { expect, test } from 'vitest';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { onnxFloats, onnxNode, onnxValue, writeOnnx } from './onnx-writer.test-support.ts';
import { readOnnxFile } from './read-onnx-file.ts';

const noFiles = (): Promise<Uint8Array> => Promise.reject(new Error('no files'));

test('names and sizes are those that the model declares', async () => {
  const bytes = writeOnnx({
    graph: {
      inputs: [onnxValue('x', ['n', 3, 'h', 'w']), onnxValue('k', [2])],
      outputs: [
        onnxValue('y', ['n', 1, 'h', 'w']),
        onnxValue('z', ['m', 7]),
        onnxValue('x', ['n', 3, 'h', 'w']),
      ],
      nodes: [onnxNode('Unknown', ['x', 'k'], 'y'), onnxNode('Unknown', ['x'], 'z')],
      constants: [onnxFloats('k', [2], [1, 2])],
    },
  });
  const { outline, external } = await readOnnxFile(bytes, 'm.onnx', noFiles);
  expect(external).toEqual([]);
  expect(outline.signature.inputs).toEqual({ x: 'x' });
  expect(Object.keys(outline.signature.outputs)).toEqual(['y', 'z', 'x']);
  const open = inferShapes(outline);
  expect([open.shapeOf('y'), open.shapeOf('z')]).toEqual([
    [-1, 1, -1, -1],
    [-1, 7],
  ]);
  expect(inferShapes(outline, { x: [1, 3, 8, 6] }).shapeOf('y')).toEqual([1, 1, 8, 6]);
});
