import { describe, expect, test } from 'vitest';
import type { DnnContext } from '../../dnn/options/dnn-context.ts';
import { getInput, getOutput } from '../../dnn/contract/model-io.ts';
import { convolution, floats, graph, node, placeholder } from '../../graph/graph-builder.test-support.ts';
import { optimizeGraph } from '../../graph/optimize-graph.ts';
import { writeGraphDef } from '../../model/graphdef/graphdef-writer.test-support.ts';
import { layersOf } from '../../model/openvino/convert-to-ir.test-support.ts';
import { readingIr, writeIr } from '../../model/openvino/openvino-writer.test-support.ts';
import { loadFilterGraph } from './load-graph.ts';

const silent = (): void => undefined;

const base: DnnContext = {
  backendType: 'tensorflow',
  model: 'm',
  input: 'x',
  outputs: ['y'],
  nireq: 0,
  async: true,
  batchSize: 0,
  onError: 'fail',
};
const network = graph(
  placeholder('x', [1, -1, -1, 1]),
  ...convolution('c', 'x', [3, 3, 1, 4]),
  node('t', 'Tanh', ['c']),
  node('y', 'DepthToSpace', ['t'], { block_size: 2 }),
);
const ir = readingIr(writeIr(layersOf(network, 6, 8), { version: 11 }));
const pb = (): Promise<Uint8Array> => Promise.resolve(writeGraphDef(network));

describe('backends', () => {
  test.each([
    ['openvino', { dnnBackend: 'openvino', backendType: 'native' }, 'native'],
    ['tensorflow', { dnnBackend: 'tensorflow', backendType: 'tensorflow' }, 'tensorflow'],
    ['native', { dnnBackend: 'native', backendType: 'native' }, 'native'],
    ['none', { backendType: 'tensorflow' }, 'native'],
  ] as const)('a model of OpenVINO with dnn_backend %s', async (_name, given, expected) => {
    const { context } = await loadFilterGraph({ ...base, ...given }, 'process_frame', 'm.xml', ir, silent);
    expect(context.backendType).toBe(expected);
  });

  test('onnx takes no other model; where none is given, TensorFlow runs those', async () => {
    await expect(
      loadFilterGraph({ ...base, dnnBackend: 'onnx' }, 'process_frame', 'm.pb', pb, silent),
    ).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringMatching(
        /reads models of ONNX \(\.onnx\), and 'm' is none: write dnn_backend=native or/,
      ) as string,
    });
    const { context } = await loadFilterGraph(base, 'analytics_detect', 'm.pb', pb, silent);
    expect(context.backendType).toBe('tensorflow');
  });
});

test('a channels-first model has the sizes of its frames, by every name of its output', async () => {
  for (const name of ['y', 'y:0', 'y/sink_port_0']) {
    const context = { ...base, outputs: [name] };
    const loaded = await loadFilterGraph(context, 'process_frame', 'm.xml', ir, silent);
    expect(getInput(loaded.graph, 'x').dims).toEqual([1, 6, 8, 1]);
    expect(getOutput(loaded.graph, 'x', name, 8, 6)).toEqual({ width: 16, height: 12, channels: 1 });
    expect(loaded.outputs).toEqual(['y']);
    expect(loaded.context.layout).toBe('nhwc');
    expect(optimizeGraph(loaded.graph, loaded).graph.nodes.some(({ op }) => op === 'Transpose')).toBe(false);
  }
});

test('a name that there is not is refused with those that there are', async () => {
  const load = (given: Partial<DnnContext>): Promise<unknown> =>
    loadFilterGraph({ ...base, ...given }, 'process_frame', 'm.xml', ir, silent);
  await expect(load({ input: 'data' })).rejects.toThrow("its inputs are: 'x', 'x:0'");
  await expect(load({ outputs: ['z'] })).rejects.toThrow("its outputs are: 'y', 'y:0', 'y/sink_port_0'");
});

test('input_resizable', async () => {
  const fixed = graph(placeholder('x', [1, 6, 8, 1]), ...convolution('y', 'x', [3, 3, 1, 1]));
  const frozen = (): Promise<Uint8Array> => Promise.resolve(writeGraphDef(fixed));
  for (const [path, readFile] of [
    ['m.xml', ir],
    ['m.pb', frozen],
  ] as const) {
    const loaded = await loadFilterGraph(
      { ...base, inputResizable: true },
      'process_frame',
      path,
      readFile,
      silent,
    );
    expect(getInput(loaded.graph, 'x').dims).toEqual([1, -1, -1, 1]);
    expect(getOutput(loaded.graph, 'x', 'y', 21, 13).width % 21).toBe(0);
  }
});

describe('layouts of frozen graphs', () => {
  const first = graph(
    placeholder('x', [1, 3, -1, -1]),
    ...convolution('c', 'x', [3, 3, 3, 3], { data_format: 'NCHW' }),
    node('y', 'Relu', ['c']),
  );
  const reading = (): Promise<Uint8Array> => Promise.resolve(writeGraphDef(first));

  test.each(['nchw', undefined] as const)('channels-first with layout %s', async (layout) => {
    const context = { ...base, ...(layout === undefined ? {} : { layout }) };
    const loaded = await loadFilterGraph(context, 'process_frame', 'm.pb', reading, silent);
    expect(getInput(loaded.graph, 'x').dims).toEqual([1, -1, -1, 3]);
    expect(getOutput(loaded.graph, 'x', 'y', 9, 7)).toEqual({ width: 9, height: 7, channels: 3 });
    const raw = await loadFilterGraph(context, 'analytics_detect', 'm.pb', reading, silent);
    expect(getInput(raw.graph, 'x').dims).toEqual([1, -1, -1, 3]);
    expect(getOutput(raw.graph, 'x', 'y', 9, 7)).toEqual({ width: 7, height: 3, channels: 9 });
  });

  test('layout=nhwc leaves a graph alone', async () => {
    const loaded = await loadFilterGraph(
      { ...base, layout: 'nhwc' },
      'process_frame',
      'm.pb',
      reading,
      silent,
    );
    expect(getInput(loaded.graph, 'x').dims).toEqual([1, 3, -1, -1]);
  });
});

test('variables that the outputs need are named, others do no harm', async () => {
  const training = graph(
    placeholder('x', [1, -1, -1, 1]),
    floats('w', [1, 1, 1, 1]),
    node('m', 'Mul', ['x', 'w']),
    node('y', 'Identity', ['m']),
    node('step', 'VariableV2', []),
    node('other', 'AddV2', ['m', 'step']),
  );
  const reading = (): Promise<Uint8Array> => Promise.resolve(writeGraphDef(training));
  await expect(loadFilterGraph(base, 'process_frame', 'm.pb', reading, silent)).resolves.toMatchObject({
    outputs: ['y'],
  });
  await expect(
    loadFilterGraph({ ...base, outputs: ['other'] }, 'process_frame', 'm.pb', reading, silent),
  ).rejects.toThrow(/'step' \(VariableV2\) is a variable.*freeze/);
});
