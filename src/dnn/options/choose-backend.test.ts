import { expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import { sourceText } from '../../base/source-text.ts';
import { analyticsBackend, dnnBackendConstants, pictureBackend } from './backend-values.ts';
import { backendForFormat, chooseBackend } from './choose-backend.ts';

const anyFormat = { name: 'graphdef', conventions: { defaultBackend: 'tensorflow' } } as const;
const tfjs = { name: 'tfjs', conventions: { defaultBackend: 'tensorflow' } } as const;
const openvino = { name: 'openvino', conventions: { defaultBackend: 'native' } } as const;

test("FFmpeg's numbers, in their order", () => {
  expect(dnnBackendConstants.map(({ name, value }) => `${name}=${value}`)).toEqual([
    'native=0',
    'tensorflow=1',
    'openvino=2',
    'torch=4',
    'onnx=8',
  ]);
  expect([pictureBackend, analyticsBackend]).toEqual([0, 2]);
});

test('the format chooses where the option is left out and its default is openvino', () => {
  const open = chooseBackend(
    sourceText('f'),
    { values: { dnn_backend: analyticsBackend }, given: new Map() },
    ['native', 'tensorflow'],
  );
  expect(open).toEqual({ backendType: 'tensorflow' });
  expect(backendForFormat(open, anyFormat, 'm.pb')).toBe('tensorflow');
  expect(backendForFormat(open, openvino, 'm.xml')).toBe('native');
});

test('a backend that is named runs models of any format, openvino those that it reads', () => {
  const named = { backendType: 'native', dnnBackend: 'native' } as const;
  expect(backendForFormat(named, anyFormat, 'm.pb')).toBe('native');
  expect(backendForFormat({ ...named, backendType: 'tensorflow' }, openvino, 'm.xml')).toBe('tensorflow');
  const one = { backendType: 'native', dnnBackend: 'openvino' } as const;
  expect(backendForFormat(one, openvino, 'm.xml')).toBe('native');
  const error = failure(() => backendForFormat(one, tfjs, 'd/m.json'));
  expect(error.code).toBe('EINVAL');
  expect(error.message).toBe(
    'dnn_backend=openvino reads models of OpenVINO (.xml, with the .bin beside it), .onnx, .pb and .tflite, and ' +
      "'d/m.json' is none: write dnn_backend=native or dnn_backend=tensorflow or dnn_backend=onnx",
  );
  expect(error.details).toMatchObject({ option: 'dnn_backend', file: 'd/m.json' });
});
