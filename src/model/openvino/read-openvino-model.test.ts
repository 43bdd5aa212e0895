import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { Graph } from '../../graph/graph.ts';
import {
  convolution,
  floats,
  graph,
  ints,
  node,
  placeholder,
} from '../../graph/graph-builder.test-support.ts';
import { constTensor } from '../../graph/node-attrs.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { layersOf } from './convert-to-ir.test-support.ts';
import {
  constantFloats,
  constantInts,
  layer,
  parameter,
  readingIr,
  result,
  writeIr,
  type IrFiles,
  type TestLayer,
} from './openvino-writer.test-support.ts';
import { readOpenvinoModel, weightsPath } from './read-openvino-model.ts';

const network = graph(
  placeholder('x', [1, -1, -1, 1]),
  ints('pads', [0, 0, 2, 2, 2, 2, 0, 0], [4, 2]),
  node('padded', 'MirrorPad', ['x', 'pads'], { mode: 'SYMMETRIC' }),
  ...convolution('c', 'padded', [5, 5, 1, 4], { padding: 'VALID' }),
  floats('b', [4]),
  node('a', 'BiasAdd', ['c', 'b']),
  node('t', 'Tanh', ['a']),
  node('espcn/prediction', 'DepthToSpace', ['t'], { block_size: 2 }),
);
const files = writeIr(layersOf(network, 6, 8, 'espcn/prediction'), { version: 11 });

async function read(given: IrFiles | string): Promise<Graph> {
  const { xml, bin } =
    typeof given === 'string' ? { xml: given, bin: Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0]) } : given;
  const bytes = new TextEncoder().encode(xml);
  return (await readOpenvinoModel(bytes, 'm.xml', readingIr({ xml, bin }))).graph;
}

async function refusal(changed: Partial<IrFiles>): Promise<DnnError> {
  const error: unknown = await read({ ...files, ...changed }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DnnError)) throw new Error(`no DnnError: ${String(error)}`);
  expect(error.message).not.toMatch(/\n/);
  return error;
}

describe('names', () => {
  test('of layers, of their tensors and of results', async () => {
    const { nodes, signature } = await read(files);
    expect(signature).toEqual({
      inputs: { x: 'x', 'x:0': 'x' },
      outputs: {
        'espcn/prediction': 'espcn/prediction',
        'espcn/prediction:0': 'espcn/prediction',
        'espcn/prediction/sink_port_0': 'espcn/prediction',
      },
    });
    expect(nodes.find(({ name }) => name === 'espcn/prediction')!.op).toBe('DepthToSpace');
  });

  test('of layers with several outputs, and with a number behind', async () => {
    const parts = [
      [1, 2, 2, 2],
      [1, 2, 2, 2],
    ];
    const { nodes, signature } = await read(
      writeIr([
        { ...parameter('in', [1, 4, 2, 2]), names: ['data'] },
        constantInts('axis', [1], []),
        { ...layer('s', 'Split', ['in', 'axis'], [], { num_splits: 2 }), outputs: parts },
        layer('r', 'ReLU', ['s:1'], [1, 2, 2, 2]),
        { ...result('s'), inputs: ['s:1'] },
        result('r'),
      ]).xml.replace('name="r"', 'name="r:7"'),
    );
    expect(signature.outputs).toEqual({
      's.1': 's.1',
      's/sink_port_0': 's.1',
      'r:7': 'r_7',
      'r/sink_port_0': 'r_7',
    });
    expect(nodes.find(({ name }) => name === 's.1')).toMatchObject({ op: 'Identity', inputs: ['s:1'] });
    expect(nodes.find(({ name }) => name === 'r_7')).toMatchObject({ op: 'Relu', inputs: ['s:1'] });
  });
});

test('sizes are those of the file', async () => {
  const shapes = inferShapes(await read(files));
  expect(shapes.shapeOf('x')).toEqual([1, 1, 6, 8]);
  expect(shapes.shapeOf('espcn/prediction')).toEqual([1, 1, 12, 16]);
});

test('input_resizable opens the sizes of the frame', async () => {
  const bytes = new TextEncoder().encode(files.xml);
  const { graph: model } = await readOpenvinoModel(bytes, 'm.xml', readingIr(files), {
    inputResizable: true,
  });
  expect(inferShapes(model).shapeOf('x')).toEqual([1, 1, -1, -1]);
});

test('element types', async () => {
  const tensors: TestLayer[] = [
    parameter('x', [1, 1, 2, 2], 'u8'),
    constantInts('largest', [0, 2 ** 31 - 1, -(2 ** 31)]),
    layer('y', 'Convert', ['x'], [1, 1, 2, 2], { destination_type: 'f32' }),
    constantFloats('scalar', [], [1.5]),
    result('y'),
  ];
  const model = await read(writeIr(tensors));
  const find = (name: string): Graph['nodes'][number] => model.nodes.find((entry) => entry.name === name)!;
  expect(find('x').attrs['dtype']).toEqual({ type: 'uint8' });
  expect(constTensor(find('scalar'))).toEqual({ dtype: 'float32', shape: [], data: Float32Array.of(1.5) });
  expect(constTensor(find('largest'))!.data).toEqual(Int32Array.of(0, 2 ** 31 - 1, -(2 ** 31)));
  expect(find('y')).toMatchObject({
    op: 'Cast',
    attrs: { SrcT: { type: 'uint8' }, DstT: { type: 'float32' } },
  });
  const half = await read(writeIr(layersOf(network, 6, 8, 'espcn/prediction'), { half: true }));
  const weights = (model: Graph): unknown =>
    model.nodes.map((entry) => constTensor(entry)?.data).filter((data) => data instanceof Float32Array);
  expect(weights(half)).toEqual(weights(await read(files)));
});

test('int64 beyond 32 bits means "to the end"', async () => {
  const written = writeIr([constantInts('k', [7])]);
  const bin = new Uint8Array(BigInt64Array.of(2n ** 63n - 1n).buffer);
  const model = await read({ ...written, bin });
  expect(constTensor(model.nodes[0])!.data).toEqual(Int32Array.of(2 ** 31 - 1));
});

describe('the .bin', () => {
  test('stands beside the .xml', () => {
    expect(['a/m.xml', 'm.XML', 'a/model'].map(weightsPath)).toEqual(['a/m.bin', 'm.bin', 'a/model.bin']);
  });

  test('is missing', async () => {
    const bytes = new TextEncoder().encode(files.xml);
    const reading = readOpenvinoModel(bytes, 'dir/m.xml', () => Promise.reject(new Error('no such file')));
    await expect(reading).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining("looked for in 'dir/m.bin': no such file") as string,
      details: { file: 'dir/m.bin' },
    });
  });

  test('is not needed without constants', async () => {
    const { xml } = writeIr([
      parameter('x', [1, 1, 2, 2]),
      layer('y', 'ReLU', ['x'], [1, 1, 2, 2]),
      result('y'),
    ]);
    const bytes = new TextEncoder().encode(xml);
    const reading = readOpenvinoModel(bytes, 'm.xml', () => Promise.reject(new Error('asked')));
    await expect(reading).resolves.toMatchObject({
      graph: { nodes: [{ name: 'x' }, { name: 'y', op: 'Relu' }] },
    });
  });

  test('is too short at every length', async () => {
    for (let length = 0; length < files.bin.length; length++) {
      const error = await refusal({ bin: files.bin.subarray(0, length) });
      expect(error.code).toBe('EINVAL');
      expect(error.message).toMatch(/layer '.+' needs bytes \d+ to \d+ of \d+ \(byte \d+ of the \.bin\)/);
      expect(error.details['offset']).toBeLessThanOrEqual(files.bin.length);
    }
  });
});

describe('damage to the .xml', () => {
  const replaced = (from: string | RegExp, to: string): Promise<DnnError> => {
    const xml = files.xml.replace(from, to);
    expect(xml).not.toBe(files.xml);
    return refusal({ xml });
  };

  test('cut anywhere', async () => {
    // The last line holds only the end tag's line feed.
    for (let length = 0; length < files.xml.trimEnd().length; length++) {
      const error = await refusal({ xml: files.xml.slice(0, length) });
      expect(error.code).toBe('EINVAL');
      expect(error.message).toMatch(/at character \d+|is an XML file, but no OpenVINO model/);
    }
  });

  test.each<[string, string | RegExp, string, RegExp]>([
    [
      'an edge from nowhere',
      'from-layer="0"',
      'from-layer="99"',
      /an edge from layer 99, which does not exist/,
    ],
    [
      'an edge to no port',
      /to-port="1"/,
      'to-port="7"',
      /an edge to port 7 of layer '.+', which has no such port/,
    ],
    ['two edges to a port', /(<edge [^>]*>)/, '$1$1', /a second edge to port 0/],
    ['no edge', /<edge [^>]*>/, '', /layer '.+' has no edge to its port 0/],
    ['an id twice', '<layer id="1"', '<layer id="0"', /a second layer with the id 0/],
    ['no type', / type="Tanh"/, '', /a <layer> without the attribute 'type'/],
    ['a size that is none', '<dim>8</dim>', '<dim>8.5</dim>', /a port with the dimensions 1, 1, 6, 8\.5/],
    ['a huge shape', 'shape="4, 1, 5, 5"', 'shape="400000000, 100000, 5, 5"', /bytes where its shape/],
    ['a shape beyond all numbers', 'shape="4, 1, 5, 5"', 'shape="4, 1, 5, 99999999999"', /has the shape/],
    ['an offset beyond the file', /offset="0"/, 'offset="999999999999"', /needs bytes 999999999999 to/],
    ['a negative offset', /offset="0"/, 'offset="-8"', /has the offset '-8'/],
    [
      'another size',
      /size="400"/,
      'size="404"',
      /has 404 bytes where its shape \[4, 1, 5, 5\] of f32 needs 400/,
    ],
    [
      'a stride of 0',
      'strides="1, 1"',
      'strides="0, 1"',
      /layer 'c' \(Convolution\) has a size, stride or dilation of 0/,
    ],
    ['a list that is none', 'strides="1, 1"', 'strides="1, x"', /has strides='1, x'/],
    ['an unknown auto_pad', 'auto_pad="valid"', 'auto_pad="some"', /has auto_pad='some'/],
    ['an old version', 'version="11"', 'version="7"', /IR of version 7, only 10 and 11 are read/],
    ['another root', /net/g, 'annotation', /its root element is <annotation> instead of <net>/],
    ['an undefined entity', 'name="x"', 'name="&y;"', /no valid XML: .*entity.* in line 4/],
  ])('%s', async (_name, from, to, message) => {
    const error = await replaced(from, to);
    expect(error.code).toBe('EINVAL');
    expect(error.message).toMatch(message);
  });

  test('cycles, and a model deeper than the stack', async () => {
    const loop = writeIr([
      parameter('x', [1, 1, 2, 2]),
      layer('a', 'Add', ['x', 'x'], [1, 1, 2, 2]),
      layer('y', 'ReLU', ['a'], [1, 1, 2, 2]),
    ]);
    const xml = loop.xml.replace(
      '<edge from-layer="0" from-port="0" to-layer="1" to-port="1"/>',
      '<edge from-layer="2" from-port="1" to-layer="1" to-port="1"/>',
    );
    await expect(read({ ...loop, xml })).rejects.toThrow(/form a cycle/);
    const deep = `<net version="10">${'<layers>'.repeat(100_000)}`;
    expect((await refusal({ xml: deep })).code).toBe('EINVAL');
    const nested = `<net version="10">${'<layers>'.repeat(80)}${'</layers>'.repeat(80)}</net>`;
    expect((await refusal({ xml: nested })).message).toMatch(/elements in more than 64 others/);
  });

  test('any characters changed end in a graph or a DnnError', async () => {
    const edit = fc.record({
      offset: fc.nat(files.xml.length - 1),
      cut: fc.nat(12),
      text: fc.oneof(
        fc.constantFrom('<', '>', '"', '&', '-1', '0', '99999999999999', '?', 'NaN', '1..9', ' ', '\0'),
        fc.string({ maxLength: 4 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        let { xml } = files;
        for (const { offset, cut, text } of edits)
          xml = xml.slice(0, offset) + text + xml.slice(offset + cut);
        await read({ ...files, xml }).catch((error: unknown) => {
          if (!(error instanceof DnnError)) throw error;
        });
      }),
      { numRuns: 400 },
    );
  });
});

test('layers that are not known are named all at once', async () => {
  const shape = [1, 1, 6, 8];
  const layers: TestLayer[] = [
    parameter('x', shape),
    layer('quantised', 'FakeQuantize', ['x', 'x', 'x', 'x', 'x'], shape, { levels: 256 }),
    layer('again', 'FakeQuantize', ['quantised', 'x', 'x', 'x', 'x'], shape, { levels: 256 }),
    layer('prior', 'PriorBox', ['again', 'x'], [2, 768]),
    layer('y', 'DetectionOutput', ['again', 'x', 'prior'], [1, 1, 200, 7]),
    result('y'),
  ];
  const error = await refusal(writeIr(layers));
  expect(error.code).toBe('ENOSYS');
  expect(error.message).toContain(
    "layers that are not supported: FakeQuantize ('quantised'), PriorBox ('prior'), DetectionOutput ('y');",
  );
  expect(error.details['layers']).toEqual(['FakeQuantize', 'PriorBox', 'DetectionOutput']);
});
