import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { espcn, specOf } from '../backends/native/lowering/networks.test-support.ts';
import { nativeModel } from '../backends/native/wasm/native-model.test-support.ts';
import { convolution, floats, graph, ints, node, placeholder } from '../graph/graph-builder.test-support.ts';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { pictures } from '../graph/run-graph.test-support.ts';
import { writeGraphDef } from '../model/graphdef/graphdef-writer.test-support.ts';
import { loadModel } from '../model/load-model.ts';
import { convertModel } from './convert-model.ts';

const noFile = (path: string): Promise<never> => Promise.reject(new Error(`${path} was read`));

/** What a graph computes of a picture. */
async function run(model: Graph, height: number, width: number, channels: number): Promise<Float32Array> {
  const native = nativeModel(specOf(model));
  const input = { data: pictures(1, height, width, channels).data as Float32Array };
  const [result] = await native.execute({ ...input, dims: [1, height, width, channels] });
  const values = result!.data.slice();
  native.close();
  return values;
}

async function converted(model: Graph): Promise<Graph> {
  const file = await convertModel(writeGraphDef(model), noFile, 'm.pb');
  expect(new TextDecoder().decode(file.subarray(0, 15))).toBe('FFMPEGDNNNATIVE');
  return loadModel('m.model', () => Promise.resolve(file));
}

/** Fails where a value differs by more than rounding. */
function expectClose(actual: Float32Array, wanted: Float32Array): void {
  expect(actual.length).toBe(wanted.length);
  for (const [index, value] of wanted.entries()) {
    const error = Math.abs(actual[index]! - value) / Math.max(1, Math.abs(value));
    if (!(error < 1e-6)) throw new Error(`value ${index} is ${actual[index]}, not ${value}`);
  }
}

interface Step {
  readonly kind: 'conv' | 'pool' | 'unary' | 'number' | 'pair' | 'pad' | 'maximum' | 'activation';
  readonly kernel: number;
  readonly channels: number;
  readonly dilation: number;
  readonly activation: 'Relu' | 'Tanh' | 'Sigmoid' | 'none';
  readonly unary: 'Abs' | 'Sin' | 'Exp' | 'Floor';
  readonly binary: 'Sub' | 'AddV2' | 'Mul' | 'Minimum';
  readonly numberFirst: boolean;
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('conv', 'conv', 'pool', 'unary', 'number', 'pair', 'pad', 'maximum', 'activation'),
    kernel: fc.constantFrom(1, 3, 5),
    channels: fc.integer({ min: 1, max: 5 }),
    dilation: fc.constantFrom(1, 2),
    activation: fc.constantFrom('Relu', 'Tanh', 'Sigmoid', 'none'),
    unary: fc.constantFrom('Abs', 'Sin', 'Exp', 'Floor'),
    binary: fc.constantFrom('Sub', 'AddV2', 'Mul', 'Minimum'),
    numberFirst: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

/** A network from x to y of ops that the format has. */
function network(list: readonly Step[], channels: number): Graph {
  const nodes: GraphNode[] = [placeholder('x', [1, -1, -1, channels])];
  let [last, depth] = ['x', channels];
  for (const [index, step] of list.entries()) {
    const name = `s${index}`;
    const { kernel, activation } = step;
    const add = (op: string, ...inputs: string[]): number => nodes.push(node(name, op, inputs));
    const constant = floats(`${name}/number`, [], [0.375]);
    if (step.kind === 'conv') {
      const { dilation } = step;
      const dilations = [1, dilation, dilation, 1];
      nodes.push(
        ...convolution(`${name}/c`, last, [kernel, kernel, depth, step.channels], { dilations }),
        floats(`${name}/bias`, [step.channels]),
        node(`${name}/b`, 'BiasAdd', [`${name}/c`, `${name}/bias`]),
      );
      add(activation === 'none' ? 'Identity' : activation, `${name}/b`);
      depth = step.channels;
    } else if (step.kind === 'pool') {
      const ksize = [1, kernel, kernel, 1];
      nodes.push(node(name, 'AvgPool', [last], { ksize, strides: [1, 1, 1, 1], padding: 'SAME' }));
    } else if (step.kind === 'pad') {
      nodes.push(ints(`${name}/p`, [0, 0, 1, 2, 2, 0, 0, 0], [4, 2]));
      nodes.push(node(name, 'MirrorPad', [last, `${name}/p`], { mode: 'SYMMETRIC' }));
    } else if (step.kind === 'number') {
      nodes.push(constant);
      add(step.binary, ...(step.numberFirst ? [constant.name, last] : [last, constant.name]));
    } else if (step.kind === 'maximum') {
      nodes.push(constant);
      add('Maximum', ...(step.numberFirst ? [constant.name, last] : [last, constant.name]));
    } else if (step.kind === 'pair') {
      nodes.push(node(`${name}/u`, step.unary, [last]));
      add(step.binary, last, `${name}/u`);
    } else if (step.kind === 'unary') add(step.unary, last);
    else add(activation === 'Tanh' ? 'Tanh' : 'Relu', last);
    last = name;
  }
  return graph(...nodes, node('y', 'Identity', [last]));
}

describe('a converted model computes what the original does', () => {
  test('random networks', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), async (list, channels) => {
        const original = network(list, channels);
        const [before, after] = [original, await converted(original)];
        expectClose(await run(after, 11, 9, channels), await run(before, 11, 9, channels));
      }),
      { numRuns: 40 },
    );
  });

  test('ESPCN', async () => {
    const model = espcn();
    expectClose(await run(await converted(model), 12, 16, 1), await run(model, 12, 16, 1));
  });
});

test('what comes in as .model goes out as the same bytes', async () => {
  const once = await convertModel(writeGraphDef(espcn()), noFile);
  expect(await convertModel(once, noFile, 'm.model')).toEqual(once);
});

test('a tfjs model is read with its shards', async () => {
  const json = {
    format: 'graph-model',
    modelTopology: {
      node: [
        { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' } } },
        { name: 'half', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } },
        { name: 'y', op: 'Mul', input: ['x', 'half'], attr: { T: { type: 'DT_FLOAT' } } },
      ],
    },
    weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'half', shape: [], dtype: 'float32' }] }],
  };
  const asked: string[] = [];
  const read = (path: string): Promise<Uint8Array> => {
    asked.push(path);
    return Promise.resolve(new Uint8Array(Float32Array.of(0.5).buffer));
  };
  const file = await convertModel(new TextEncoder().encode(JSON.stringify(json)), read, 'm/model.json');
  expect(asked).toEqual(['m/w.bin']);
  // The one layer: math_binary, MUL, operand 0, the number 0.5.
  const view = new DataView(file.buffer, file.byteOffset);
  expect([23, 27, 31, 35, 39].map((at) => view.getInt32(at, true))).toEqual([5, 2, 0, 0, 1]);
  expect(view.getFloat32(43, true)).toBe(0.5);
});

test('everything that the format cannot hold is named, with its node', async () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 1]),
    node('pool', 'MaxPool', ['x'], { ksize: [1, 2, 2, 1], strides: [1, 1, 1, 1], padding: 'SAME' }),
    node('root', 'Sqrt', ['pool']),
    node('y', 'Relu6', ['root']),
  );
  await expect(convertModel(writeGraphDef(model), noFile)).rejects.toMatchObject({
    code: 'ENOSYS',
    message: expect.stringMatching(/'pool' \(MaxPool\).*'root' \(Sqrt\).*'y' \(Relu6\)/) as string,
  });
});

test('what is no model is refused', async () => {
  const bytes = new Uint8Array(await readFile(new URL(import.meta.url)));
  await expect(convertModel(bytes, noFile, 'a.ts')).rejects.toMatchObject({ name: 'DnnError' });
});
