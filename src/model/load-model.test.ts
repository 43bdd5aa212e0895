import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { convolution, graph, placeholder } from '../graph/graph-builder.test-support.ts';
import { writeGraphDef } from './graphdef/graphdef-writer.test-support.ts';
import { loadModel } from './load-model.ts';

const utf8 = new TextEncoder();
const small = graph(placeholder('x', [1, -1, -1, 1]), ...convolution('y', 'x', [1, 1, 1, 1]));

function reading(bytes: Uint8Array): (path: string) => Promise<Uint8Array> {
  return () => Promise.resolve(bytes);
}

async function refusal(bytes: Uint8Array): Promise<DnnError> {
  const error: unknown = await loadModel('dir/m.pb', reading(bytes)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DnnError)) throw new Error(`no DnnError: ${String(error)}`);
  return error;
}

test('a frozen graph is recognised by its content', async () => {
  expect(await loadModel('any.name', reading(writeGraphDef(small)))).toEqual(small);
});

test('a missing file names the option', async () => {
  const missing = (): Promise<Uint8Array> => Promise.reject(new Error('no such file'));
  await expect(loadModel('gone.pb', missing)).rejects.toMatchObject({
    code: 'ENOENT',
    message: "option model: cannot read 'gone.pb': no such file; check the path",
    details: { option: 'model', file: 'gone.pb' },
  });
});

describe('other formats are named, with a way out', () => {
  test.each([
    ['empty', Uint8Array.of(), /an empty file/],
    ['SavedModel', Uint8Array.of(8, 1, 0x12, 4, 0x0a, 2, 0x22, 0), /SavedModel.*freeze/],
    ['ONNX', Uint8Array.of(8, 7, 0x12, 7, ...utf8.encode('pytorch')), /ONNX/],
    ['TFLite', Uint8Array.of(0x1c, 0, 0, 0, ...utf8.encode('TFL3')), /TensorFlow Lite/],
    ['zip', utf8.encode('PK\x03\x04abc'), /zip archive.*\.pt.*\.keras/],
    ['HDF5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10), /HDF5/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8), /gzip/],
    ['pickle', Uint8Array.of(0x80, 2, 0x8a), /pickle/],
    ['pbtxt', utf8.encode('node {\n  name: "x"\n  op: "Placeholder"\n}'), /text form/],
    ['OpenVINO', utf8.encode('<?xml version="1.0"?>\n<net name="m">'), /OpenVINO/],
    ['HTML', utf8.encode('<!DOCTYPE html><html>'), /HTML page/],
    ['LFS pointer', utf8.encode('version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/],
    ['noise', Uint8Array.of(0xff, 0xfe, 1, 2, 3), /no model that can be read/],
  ])('%s', async (_label, bytes, message) => {
    const error = await refusal(bytes);
    expect(error.code).toBe('EINVAL');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^option model: 'dir\/m\.pb'/);
  });
});

test.each([
  [
    'with a header',
    utf8.encode('FFMPEGDNNNATIVE\x01\0\0\0\x17\0\0\0'),
    /'dir\/m\.pb': the number of layers.*byte 23/,
  ],
  ['without', Uint8Array.of(5, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0), /old model.*native backend.*give the \.pb/],
])(
  "what starts like a model of FFmpeg's native backend %s is read as one",
  async (_label, bytes, message) => {
    const error = await refusal(bytes);
    expect(error.code).toBe('EINVAL');
    expect(error.message).toMatch(message);
  },
);

test('random bytes end in a DnnError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (bytes) => {
      await expect(refusal(bytes)).resolves.toBeInstanceOf(DnnError);
    }),
    { numRuns: 500 },
  );
});
