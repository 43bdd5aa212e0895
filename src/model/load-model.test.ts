import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import type { Graph } from '../graph/graph.ts';
import { convolution, graph, node, placeholder } from '../graph/graph-builder.test-support.ts';
import { writeGraphDef } from './graphdef/graphdef-writer.test-support.ts';
import { loadModel } from './load-model.ts';
import { graphdefFormat } from './graphdef/graphdef-format.ts';
import { recogniseModel } from './model-formats.ts';

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
    ['zip', utf8.encode('PK\x03\x04abc'), /zip archive.*\.pt.*\.keras/],
    ['HDF5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10), /HDF5/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8), /gzip/],
    ['pickle', Uint8Array.of(0x80, 2, 0x8a), /pickle/],
    ['pbtxt', utf8.encode('node {\n  name: "x"\n  op: "Placeholder"\n}'), /text form/],
    [
      'XML',
      utf8.encode('<?xml version="1.0"?>\n<annotation/>'),
      /XML file, but no OpenVINO model.*<annotation>/,
    ],
    ['Core ML', Uint8Array.of(8, 5, 0x12, 8, 0x0a, 6, 0x0a, 4, ...utf8.encode('data')), /Core ML/],
    ['GGUF', utf8.encode('GGUF\x03\0\0\0'), /GGUF/],
    [
      'safetensors',
      Uint8Array.of(64, 0, 0, 0, 0, 0, 0, 0, ...utf8.encode('{"w":{')),
      /safetensors.*torch\.onnx/,
    ],
    ['ncnn', utf8.encode('7767517\n9 10\nInput'), /an ncnn network \(\.param\); give the \.onnx/],
    ['weights of ncnn', Uint8Array.of(0x47, 0x6b, 0x30, 0x01, 0, 0), /weights of an ncnn model/],
    ['face-api', utf8.encode('[{"weights":[{"name":"c/filters","shape":[3]}]}]'), /face-api.*modelTopology/],
    ['waifu2x', utf8.encode('[{"bias":[0.1],"nInputPlane":1,"weight":[[[[1]]]]}]'), /waifu2x/],
    ['ORT', utf8.encode('\x1c\0\0\0ORTM'), /Runtime alone \(\.ort\); give the \.onnx/],
    ['TensorRT', utf8.encode('ftrt\0\0'), /TensorRT engine/],
    ['Rockchip', utf8.encode('RKNN\0\0'), /Rockchip/],
    ['Darknet', utf8.encode('[net]\nbatch=1\n'), /Darknet/],
    ['Caffe', utf8.encode('name: "m"\nlayer {\n}\n'), /Caffe/],
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

/** A zip archive of empty files: local headers, the central directory, and its end. */
function zip(streamed: boolean, ...names: string[]): Uint8Array {
  const header = (mark: number, length: number, nameAt: number, name: string): number[] => {
    const bytes = new Uint8Array(length + name.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, mark, true);
    view.setUint16(nameAt, name.length, true);
    // Where sizes stand behind the data, nothing tells where the next header is.
    if (streamed && length === 30) view.setUint16(28, 7, true);
    bytes.set(utf8.encode(name), length);
    return [...bytes];
  };
  const local = names.flatMap((name) => header(0x04034b50, 30, 26, name));
  const central = names.flatMap((name) => header(0x02014b50, 46, 28, name));
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint32(16, local.length, true);
  return Uint8Array.from([...local, ...central, ...new Uint8Array(end.buffer)]);
}

describe.each([false, true])('zip archives by what is in them (sizes behind the data: %s)', (streamed) => {
  test.each([
    [['net/data.pkl', 'net/constants.pkl', 'net/code/m.py'], /TorchScript model.*torch\.onnx\.export/],
    [['archive/data.pkl', 'archive/data/0'], /PyTorch checkpoint/],
    [['metadata.json', 'config.json', 'model.weights.h5'], /Keras 3 model/],
    [['m.mlpackage/Manifest.json'], /Core ML/],
    [['readme.txt'], /zip archive/],
  ])('%s', async (names, message) => {
    expect((await refusal(zip(streamed, ...names))).message).toMatch(message);
  });
});

describe('the name helps where the content does not', () => {
  const beside = (files: Readonly<Record<string, Uint8Array>>): ((path: string) => Promise<Uint8Array>) => {
    return (path) => {
      const file = files[path];
      return file === undefined ? Promise.reject(new Error('no such file')) : Promise.resolve(file);
    };
  };
  const weights = Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 1, 2, 3);

  test.each([
    [
      'm.bin',
      'm.xml',
      '<?xml version="1.0"?><net/>',
      /holds the weights of an OpenVINO model.*give model=d\/m\.xml/,
    ],
    [
      'group1-shard1of1.bin',
      'model.json',
      '{}',
      /holds the weights of a tfjs model.*give model=d\/model\.json/,
    ],
    ['m.ckpt.data-00000-of-00001', 'm.ckpt.meta', 'x', /weights of a checkpoint.*freeze_graph/],
  ])('%s beside %s', async (name, model, content, message) => {
    const files = { [`d/${name}`]: weights, [`d/${model}`]: utf8.encode(content) };
    await expect(loadModel(`d/${name}`, beside(files))).rejects.toThrow(message);
    await expect(loadModel(`d/${name}`, beside({ [`d/${name}`]: weights }))).rejects.toThrow(/byte/);
  });

  test('a frozen graph may be called so', async () => {
    const files = { 'm.bin': writeGraphDef(small), 'm.xml': utf8.encode('<net/>') };
    expect(await loadModel('m.bin', beside(files))).toEqual(small);
  });

  test("a SavedModel's folder", async () => {
    const files = { 'dir/saved_model.pb': Uint8Array.of(8, 1, 0x12, 4, 0x0a, 2, 0x22, 0) };
    for (const path of ['dir', 'dir/', 'dir/saved_model.pb']) {
      await expect(loadModel(path, beside(files))).rejects.toThrow(/SavedModel.*freeze/);
    }
  });
});

describe('unfrozen graphs', () => {
  const reading = (...nodes: Graph['nodes']): Promise<Graph> =>
    loadModel('m.pb', () => Promise.resolve(writeGraphDef(graph(...nodes))));

  test('every variable that the results need is named', async () => {
    const variables = Array.from({ length: 8 }, (_, index) => node(`v${index}`, 'VarHandleOp'));
    const reads = variables.map(({ name }) => node(`${name}/read`, 'ReadVariableOp', [name]));
    const names = reads.map(({ name }) => name);
    const nodes = [placeholder('x', [1]), ...variables, ...reads, node('y', 'AddN', ['x', ...names])];
    await expect(reading(...nodes)).rejects.toMatchObject({ code: 'EINVAL', details: { op: 'VarHandleOp' } });
    await expect(reading(...nodes)).rejects.toThrow(
      /nodes 'v\d' \(VarHandleOp\), .* and 2 more are variables.*convert_variables_to_constants_v2/,
    );
  });

  test('what saves and restores them does not count', async () => {
    const rest = [
      node('v', 'VariableV2'),
      node('save', 'SaveV2', ['v']),
      node('init', 'AssignVariableOp', ['v', 'x']),
    ];
    const model = await reading(placeholder('x', [1]), node('y', 'Relu', ['x']), ...rest);
    expect(model.nodes).toHaveLength(5);
    await expect(reading(placeholder('x', [1]), ...rest)).rejects.toThrow(/'v' \(VariableV2\) is a variable/);
  });
});

test('no frozen graph is taken for another format', async () => {
  const word = fc.oneof(
    fc.constantFrom('TFL3abc', 'node {', '<net', '{"a":', 'GGUF', 'PK', '[net]', 'name: "', '#'),
    fc.string({ minLength: 1, maxLength: 150 }).filter((name) => !/\p{Cc}|^\^|:\d+$/u.test(name)),
  );
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(word, { minLength: 1, maxLength: 4 }), word, async (names, op) => {
      const model = graph(...names.map((name) => node(name, op)));
      expect(recogniseModel(writeGraphDef(model))).toBe(graphdefFormat);
      await expect(loadModel('m.bin', reading(writeGraphDef(model)))).resolves.toEqual(model);
    }),
    { numRuns: 500 },
  );
});

test('nor one whose first node has a length that is a character of text', () => {
  for (let length = 1; length < 300; length++) {
    const model = graph(node('n'.repeat(length), 'NoOp'));
    expect(recogniseModel(writeGraphDef(model))).toBe(graphdefFormat);
  }
});

test('random bytes end in a DnnError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (bytes) => {
      await expect(refusal(bytes)).resolves.toBeInstanceOf(DnnError);
    }),
    { numRuns: 500 },
  );
});
