/** What an IR computes from sizes that are fixed, and what it says of the model. */
import { expect, test } from 'vitest';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { openModel } from '../load-model.ts';
import {
  constantInts,
  layer,
  parameter,
  readingIr,
  result,
  writeIr,
} from './openvino-writer.test-support.ts';

const whole = (name: string, type: string, inputs: readonly string[], data = {}) => ({
  ...layer(name, type, inputs, [1], data),
  precision: 'I64',
});

/** Splits the rows of a picture at half of them: 32 − 32 mod 3 = 30 and the rest. */
const split = writeIr([
  parameter('x', [1, 3, 32, 8]),
  { ...layer('sizes', 'ShapeOf', ['x'], [4], {}, 'opset3'), precision: 'I64' },
  constantInts('two', [2]),
  constantInts('zero', [0], []),
  { ...layer('rows', 'Gather', ['sizes', 'two', 'zero'], [1], {}, 'opset8'), precision: 'I64' },
  constantInts('three', [3]),
  whole('rest', 'Mod', ['rows', 'three'], { auto_broadcast: 'numpy' }),
  whole('first', 'Subtract', ['rows', 'rest'], { auto_broadcast: 'numpy' }),
  { ...layer('lengths', 'Concat', ['first', 'rest'], [2], { axis: 0 }), precision: 'I64' },
  constantInts('axis', [2], []),
  {
    ...layer('parts', 'VariadicSplit', ['x', 'axis', 'lengths'], []),
    outputs: [
      [1, 3, 30, 8],
      [1, 3, 2, 8],
    ],
  },
  layer('y', 'ReLU', ['parts:1'], [1, 3, 2, 8]),
  result('y'),
]);

test('lengths of a split that follow from the fixed size', async () => {
  const { graph } = await openModel('m.xml', readingIr(split));
  expect(inferShapes(graph).shapeOf('parts')).toEqual([1, 3, 30, 8]);
  expect(inferShapes(graph).shapeOf('y')).toEqual([1, 3, 2, 8]);
});

test('with open sizes they are refused', async () => {
  const opening = openModel('m.xml', readingIr(split), { inputResizable: true });
  await expect(opening).rejects.toThrow('VariadicSplit with lengths that are computed');
});

test('names of classes', async () => {
  const files = writeIr([parameter('x', [1, 1, 4, 4]), layer('y', 'ReLU', ['x'], [1, 1, 4, 4]), result('y')]);
  const info = '<rt_info><model_info><labels value="person traffic_light"/></model_info></rt_info>';
  const named = { ...files, xml: files.xml.replace('</net>', `${info}</net>`) };
  expect((await openModel('m.xml', readingIr(named))).labels).toEqual(['person', 'traffic_light']);
  expect((await openModel('m.xml', readingIr(files))).labels).toBeUndefined();
});
