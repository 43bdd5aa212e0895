import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../base/log.ts';
import { filtersOf } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import { convolution, graph, placeholder } from '../../graph/graph-builder.test-support.ts';
import { writeGraphDef } from '../../model/graphdef/graphdef-writer.test-support.ts';
import { layersOf } from '../../model/openvino/convert-to-ir.test-support.ts';
import { readingIr, writeIr } from '../../model/openvino/openvino-writer.test-support.ts';
import { loadDnnInstance, parseDnnFilter, type DnnInstance } from './dnn-instance.ts';

const network = graph(placeholder('x', [1, -1, -1, 3]), ...convolution('y', 'x', [1, 1, 3, 3]));
const frozen = writeGraphDef(network);
const ir = readingIr(writeIr(layersOf(network, 6, 8), { version: 11 }));

function load(text: string, cores = 4): Promise<DnnInstance> {
  const parsed = parseDnnFilter(filtersOf(parseFiltergraph(text))[0]!, silentLogger);
  const readFile = (path: string): Promise<Uint8Array> =>
    path === '/m.pb' ? Promise.resolve(frozen) : ir(path.slice(1));
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
