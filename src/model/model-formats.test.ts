import { describe, expect, test } from 'vitest';
import { FileStart } from './file-start.ts';
import { filesWith, modelFormats, recogniseModel } from './model-formats.ts';

const utf8 = new TextEncoder();

/** The first bytes of a file of each format, by its name; of some in several ways. */
const starts: Readonly<Record<(typeof modelFormats)[number]['name'], readonly Uint8Array[]>> = {
  graphdef: [
    [10, 3, 10, 1, 120],
    [18, 0],
    [24, 21],
    [34, 2, 8, 27],
  ].map((bytes) => Uint8Array.from(bytes)),
  tfjs: ['{"modelTopology":{}}', '\n {', '\uFEFF{}'].map((text) => utf8.encode(text)),
  openvino: ['<?xml version="1.0"?>', '<net name="m">', '\uFEFF\n<!-- made -->'].map((text) =>
    utf8.encode(text),
  ),
  onnx: [
    [8, 9, 0x12, 7, ...utf8.encode('pytorch'), 0x1a, 3, ...utf8.encode('2.9'), 0x3a, 0],
    [8, 3, 0x42, 2, 0x10, 7],
  ].map((bytes) => Uint8Array.from(bytes)),
  tflite: [Uint8Array.of(0x1c, 0, 0, 0, ...utf8.encode('TFL3'))],
  native: [utf8.encode('FFMPEGDNNNATIVE\x01\0\0\0'), Uint8Array.of(8, 0, 0, 0, 1, 0, 0, 0)],
};

describe('one format recognises a file', () => {
  test.each(
    modelFormats.flatMap((format) => starts[format.name].map((bytes) => ({ name: format.name, bytes }))),
  )('$name: $bytes', ({ name, bytes }) => {
    const start = new FileStart(bytes);
    expect(modelFormats.filter((format) => format.recognises(start)).map((one) => one.name)).toEqual([name]);
    expect(recogniseModel(bytes)).toMatchObject({ name });
  });
});

test('marks of formats that are refused come first, also where they start like one that is read', () => {
  const weights = Uint8Array.of(64, 0, 0, 0, 0, 0, 0, 0, ...utf8.encode('{"w":{'));
  expect(recogniseModel(weights)).toMatchObject({ what: expect.stringContaining('safetensors') as string });
});

test.each([
  ['m.xml', ['m.bin']],
  ['M.XML', ['M.bin']],
  ['model.json', ['a.bin', 'b.bin']],
  ['m.bin', ['model.json', 'm.xml']],
  ['m.onnx', ['m.onnx_data', 'm.weights']],
  ['m.onnx.data', ['m.onnx']],
  ['m.pb', []],
  ['m.model', []],
  ['labels.txt', []],
])('the files with %s', (name, expected) => {
  expect(filesWith(name, ['a.bin', 'b.bin', 'c.txt', 'model.json', 'm.onnx_data', 'm.weights'])).toEqual(
    expected,
  );
});
