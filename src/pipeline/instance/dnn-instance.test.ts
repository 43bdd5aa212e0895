import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../base/log.ts';
import { filtersOf } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import type { Graph } from '../../graph/graph.ts';
import { convolution, graph, ints, placeholder } from '../../graph/graph-builder.test-support.ts';
import { floatNode } from '../../graph/node-builder.ts';
import { writeGraphDef } from '../../model/graphdef/graphdef-writer.test-support.ts';
import { layersOf } from '../../model/openvino/convert-to-ir.test-support.ts';
import { readingIr, writeIr } from '../../model/openvino/openvino-writer.test-support.ts';
import { configureLinks, loadDnnInstance, parseDnnFilter, type DnnInstance } from './dnn-instance.ts';

const network = graph(placeholder('x', [1, -1, -1, 3]), ...convolution('y', 'x', [1, 1, 3, 3]));
/** Pictures of any size, made larger than any machine holds. */
const graphs: Readonly<Record<string, Graph>> = {
  '/m.pb': network,
  '/resized.pb': graph(
    placeholder('x', [1, -1, -1, 3]),
    ints('size', [2 ** 30, 2 ** 30]),
    floatNode('y', 'ResizeBilinear', ['x', 'size']),
  ),
  '/padded.pb': graph(
    placeholder('x', [1, -1, -1, 3]),
    ints('pads', [0, 0, 2 ** 30, 0, 0, 0, 0, 0], [4, 2]),
    floatNode('y', 'Pad', ['x', 'pads']),
  ),
  // Halves and doubles, and adds what was there before: sizes have to be even.
  '/skip.pb': graph(
    placeholder('x', [1, -1, -1, 3]),
    ...convolution('down', 'x', [2, 2, 3, 3], { strides: [1, 2, 2, 1], padding: 'VALID' }),
    ...convolution('wide', 'down', [1, 1, 3, 12]),
    floatNode('up', 'DepthToSpace', ['wide'], { block_size: 2, data_format: 'NHWC' }),
    floatNode('y', 'AddV2', ['up', 'x']),
  ),
  // Takes no picture of less than 32 rows.
  '/windowed.pb': graph(
    placeholder('x', [1, -1, -1, 3]),
    ...convolution('c', 'x', [32, 1, 3, 3], { padding: 'VALID' }),
    ints('pads', [0, 0, 2 ** 30, 0, 0, 0, 0, 0], [4, 2]),
    floatNode('y', 'Pad', ['c', 'pads']),
  ),
};
const ir = readingIr(writeIr(layersOf(network, 6, 8), { version: 11 }));

function load(text: string, cores = 4): Promise<DnnInstance> {
  const parsed = parseDnnFilter(filtersOf(parseFiltergraph(text))[0]!, silentLogger);
  const readFile = (path: string): Promise<Uint8Array> => {
    const written = graphs[path];
    return written === undefined ? ir(path.slice(1)) : Promise.resolve(writeGraphDef(written));
  };
  return loadDnnInstance(text, parsed, '/', cores, readFile, silentLogger);
}

const picture = 'dnn_processing=model=m.pb:input=x:output=y';

describe('workers before the size of frames is known', () => {
  test.each([
    ['', 4, 3],
    ['', 1, 1],
    [':nireq=2', 4, 2],
    [':nireq=9', 4, 4],
    [':nireq=9:async=0', 4, 1],
    [':async=0:backend_configs=conv2d_threads=3', 2, 3],
    [':async=0:backend_configs=conv2d_threads=9', 2, 3],
    [':dnn_backend=tensorflow:nireq=9:device=gpu', 2, 2],
  ])('dnn_processing%s on %i cores', async (options, cores, mostWorkers) => {
    expect(await load(`${picture}${options}`, cores)).toMatchObject({ deviceWorkers: cores, mostWorkers });
  });
});

test.each([
  ['m.pb', 'rgb', 'tensorflow'],
  ['m.xml', 'bgr', 'native'],
])('boxes in %s are looked for by its conventions: %s, on %s', async (model, order, backendType) => {
  const { task, context } = await load(`dnn_detect=model=${model}:input=x:output=y`);
  expect(task).toMatchObject({ kind: 'analyse', setup: { input: { order } } });
  expect(context.backendType).toBe(backendType);
});

test('only a filter with a timeline has its expression', async () => {
  expect((await load("derain=model=m.pb:enable='gt(t,1)'")).enable).toMatchObject({ text: 'gt(t,1)' });
  expect(await load('derain=model=m.pb')).not.toHaveProperty('enable');
  expect(await load(picture)).toMatchObject({ task: { kind: 'process' } });
});

describe('a model that makes a tensor too large for any machine is refused before workers load it', () => {
  const sizes = {
    resized: '1073741824, 1073741824, 3',
    padded: '1073741840, 16, 3',
    windowed: '1073741857, 64, 3',
  };
  test.each(
    ['native', 'tensorflow'].flatMap((backend) =>
      Object.entries(sizes).map(([name, size]) => [name, backend, size]),
    ),
  )('%s.pb on %s', async (name, backend, size) => {
    const loading = load(`dnn_processing=model=${name}.pb:dnn_backend=${backend}:input=x:output=y`);
    await expect(loading).rejects.toMatchObject({
      name: 'DnnError',
      code: 'ENOMEM',
      details: { layer: 'y' },
      message: expect.stringMatching(new RegExp(`node 'y' .*${size}`)) as string,
    });
  });
});

test('frames of odd size are padded for a network that adds what it halved and doubled', async () => {
  const instance = await load('dnn_processing=model=skip.pb:input=x:output=y');
  const odd = { format: 'rgb24', width: 33, height: 25 } as const;
  expect(configureLinks(instance, odd)).toMatchObject({
    modelInput: { format: 'rgb24', width: 34, height: 26 },
    output: odd,
    padded: { multiple: 2, output: { width: 34, height: 26 } },
  });
  const even = { ...odd, width: 34, height: 26 };
  expect(configureLinks(instance, even)).toEqual({ modelInput: even, output: even, scaleFirst: false });
});
