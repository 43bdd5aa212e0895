import type { Tensor } from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { feedType, feedValues, resultValues } from './element-types.ts';

test('frames become the elements that the model takes', () => {
  const values = Float32Array.of(0, 254.9, 3);
  expect(feedValues('float32', values)).toBe(values);
  expect(feedValues('uint8', values)).toEqual(Uint8Array.of(0, 254, 3));
  expect(feedValues('int32', values)).toEqual(Int32Array.of(0, 254, 3));
  expect(feedType('x', 'int16')).toBe('int16');
  expect(() => feedType('x', 'string')).toThrow(
    'input=x: the model takes string, and frames are turned into float32',
  );
});

test('results become floats', () => {
  const tensor = (type: string, data: unknown) => ({ type, data }) as Tensor;
  const floats = Float32Array.of(1);
  expect(resultValues(tensor('float32', floats))).toBe(floats);
  expect(resultValues(tensor('int64', BigInt64Array.of(-3n)))).toEqual(Float32Array.of(-3));
  expect(resultValues(tensor('uint8', Uint8Array.of(7)))).toEqual(Float32Array.of(7));
  expect(() => resultValues(tensor('string', ['a']))).toThrow('the output is of type string');
});
