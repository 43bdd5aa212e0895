/** Loops, branches and non-max suppression, from the bytes of a file through the passes to tfjs. */
import { memory } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DNNData, DNNModel, DNNModule } from '../../dnn/contract/interface.ts';
import type { AttrValue, Graph, GraphFunction, GraphNode } from '../../graph/graph.ts';
import { floats, graph, ints, node, placeholder } from '../../graph/graph-builder.test-support.ts';
import { optimizeGraph } from '../../graph/optimize-graph.ts';
import { writeGraphDef } from '../../model/graphdef/graphdef-writer.test-support.ts';
import { readGraphDef } from '../../model/graphdef/read-graphdef.ts';
import { nodeAssets } from './node-runtime.test-support.ts';
import { createTensorflowModule } from './tensorflow-module.ts';

let tensorflow: DNNModule;
beforeAll(async () => {
  tensorflow = await createTensorflowModule(nodeAssets);
});

/** As a filter loads it: bytes to graph, passes, backend. */
async function load(written: Graph, outputs: readonly string[]): Promise<DNNModel> {
  const read = readGraphDef(writeGraphDef(written), 'test.pb');
  const { graph: optimised, batchFree } = optimizeGraph(read, { input: 'x', outputs });
  return tensorflow.loadModel({ graph: optimised, batchFree, input: 'x', outputs });
}

function picture(...values: number[]): DNNData {
  return { dims: [1, 1, values.length, 1], data: Float32Array.from(values) };
}

const float: AttrValue = { type: 'float32' };
const int: AttrValue = { type: 'int32' };
const x = placeholder('x', [1, -1, -1, -1]);

/** What every loop here computes: `turns` times v / 2 + turn. */
function halved(value: number, turns: number): number {
  let result = Math.fround(value);
  for (let turn = 0; turn < turns; turn++) result = Math.fround(result / 2 + turn);
  return result;
}

/** A constant inside a loop of TensorFlow 1 depends on the loop by a control input. */
function inLoop(constant: GraphNode, on: string): GraphNode {
  return { ...constant, inputs: [`^${on}`] };
}

/** A loop of TensorFlow 1; it writes what it has after each turn into a TensorArray, `rows`. */
function loop(turns: number, half = [0.5]): Graph {
  const frame = { frame_name: 'loop', parallel_iterations: 10 };
  const changing = { ...frame, is_constant: false };
  const array = { dtype: float, T: float };
  return graph(
    x,
    ints('zero', 0),
    ints('turns', turns),
    node('array', 'TensorArrayV3', ['turns'], { dtype: float, element_shape: { shape: null } }),
    node('i/enter', 'Enter', ['zero'], { T: int, ...changing }),
    node('v/enter', 'Enter', ['x'], { T: float, ...changing }),
    node('flow/enter', 'Enter', ['array:1'], { T: float, ...changing }),
    node('turns/enter', 'Enter', ['turns'], { T: int, ...frame, is_constant: true }),
    node('array/enter', 'Enter', ['array'], { ...frame, is_constant: true }),
    node('i', 'Merge', ['i/enter', 'i/next'], { T: int }),
    node('v', 'Merge', ['v/enter', 'v/next'], { T: float }),
    node('flow', 'Merge', ['flow/enter', 'flow/next'], { T: float }),
    node('less', 'Less', ['i', 'turns/enter'], { T: int }),
    node('cond', 'LoopCond', ['less']),
    node('i/switch', 'Switch', ['i', 'cond'], { T: int }),
    node('v/switch', 'Switch', ['v', 'cond'], { T: float }),
    node('flow/switch', 'Switch', ['flow', 'cond'], { T: float }),
    node('i/body', 'Identity', ['i/switch:1'], { T: int }),
    node('v/body', 'Identity', ['v/switch:1'], { T: float }),
    node('flow/body', 'Identity', ['flow/switch:1'], { T: float }),
    inLoop(ints('one', 1), 'i/body'),
    inLoop(floats('half', half.length === 1 ? [] : [half.length], half), 'v/body'),
    node('i/sum', 'AddV2', ['i/body', 'one'], { T: int }),
    node('turn', 'Cast', ['i/body'], { SrcT: int, DstT: float }),
    node('product', 'Mul', ['v/body', 'half'], { T: float }),
    node('v/sum', 'AddV2', ['product', 'turn'], { T: float }),
    node('write', 'TensorArrayWriteV3', ['array/enter', 'i/body', 'v/sum', 'flow/body'], array),
    node('i/next', 'NextIteration', ['i/sum'], { T: int }),
    node('v/next', 'NextIteration', ['v/sum'], { T: float }),
    node('flow/next', 'NextIteration', ['write'], { T: float }),
    node('v/exit', 'Exit', ['v/switch'], { T: float }),
    node('flow/exit', 'Exit', ['flow/switch'], { T: float }),
    ints(
      'indices',
      Array.from({ length: turns }, (_, index) => index),
    ),
    node('rows', 'TensorArrayGatherV3', ['array', 'indices', 'flow/exit'], {
      dtype: float,
      element_shape: { shape: null },
    }),
    node('y', 'Identity', ['v/exit'], { T: float }),
  );
}

describe('a loop of TensorFlow 1', () => {
  it('runs as often as it should, and its array holds every turn', async () => {
    const model = await load(loop(4), ['y', 'rows']);
    const [y, rows] = await model.execute(picture(1, -3));
    expect([...y!.data]).toEqual([halved(1, 4), halved(-3, 4)]);
    const turns = [1, 2, 3, 4].flatMap((turn) => [halved(1, turn), halved(-3, turn)]);
    expect(rows).toEqual({ dims: [4, 1, 2, 1], data: Float32Array.from(turns) });
    model.close();
  });

  it('is left as it is by the passes, without what no output needs', () => {
    const before = loop(3);
    const { graph: after, batchFree } = optimizeGraph(before, { input: 'x', outputs: ['y', 'rows'] });
    expect(after.nodes).toEqual(before.nodes);
    expect(batchFree).toBe(false);
    const alone = optimizeGraph(before, { input: 'x', outputs: ['y'] }).graph.nodes.map(({ name }) => name);
    expect(alone).not.toContain('write');
    expect(alone).toEqual(expect.arrayContaining(['one', 'half', 'i/next', 'cond']));
  });

  it('keeps no tensor over 50 runs', async () => {
    const model = await load(loop(3), ['y', 'rows']);
    for (let run = 0; run < 50; run++) await model.execute(picture(run));
    expect(model.strayTensors()).toBe(0);
    model.close();
  });
});

const scalar = (name: string): { name: string; type: 'int32' } => ({ name, type: 'int32' });
const tensor = (name: string): { name: string; type: 'float32' } => ({ name, type: 'float32' });

/** The same loop as functions of a library. `again` is what is returned twice. */
const library: readonly GraphFunction[] = [
  {
    name: 'loop_cond',
    inputs: [scalar('i'), scalar('turns'), tensor('v'), tensor('copy')],
    outputs: [{ name: 'go', type: 'bool' }],
    nodes: [node('less', 'Less', ['i', 'turns'], { T: int })],
    returns: { go: 'less:z:0' },
  },
  {
    name: 'loop_body',
    inputs: [scalar('i'), scalar('turns'), tensor('v'), tensor('copy')],
    outputs: [scalar('i_out'), scalar('turns_out'), tensor('v_out'), tensor('copy_out')],
    nodes: [
      ints('one', 1),
      floats('half', [], [0.5]),
      node('next', 'AddV2', ['i', 'one:output:0'], { T: int }),
      node('turn', 'Cast', ['i', '^one'], { SrcT: int, DstT: float }),
      node('product', 'Mul', ['v', 'half:output:0'], { T: float }),
      node('sum', 'AddV2', ['product:z:0', 'turn:y:0'], { T: float }),
    ],
    returns: { i_out: 'next:z:0', turns_out: 'turns', v_out: 'sum:z:0', copy_out: 'sum:z:0' },
  },
  {
    name: 'negative',
    inputs: [tensor('v')],
    outputs: [tensor('out')],
    // A constant of the same name as another function's.
    nodes: [floats('half', [], [-1]), node('product', 'Mul', ['v', 'half:output:0'], { T: float })],
    returns: { out: 'product:z:0' },
  },
  {
    name: 'both_parts',
    inputs: [tensor('v')],
    outputs: [tensor('out')],
    nodes: [
      ints('axis', 3),
      node('parts', 'Split', ['axis:output:0', 'pair:output:0'], { num_split: 2 }),
      node('pair', 'ConcatV2', ['v', 'v', 'axis:output:0'], { N: 2 }),
      node('out', 'AddV2', ['parts:output:0', 'parts:output:1'], { T: float }),
    ],
    returns: { out: 'out:z:0' },
  },
];

function whileGraph(turns: number, op = 'StatelessWhile', functions = library): Graph {
  const call = { cond: { func: 'loop_cond' }, body: { func: 'loop_body' } };
  return {
    ...graph(
      x,
      ints('zero', 0),
      ints('turns', turns),
      node('while', op, ['zero', 'turns', 'x', 'x'], call),
      node('y', 'Identity', ['while:2'], { T: float }),
      node('copy', 'Identity', ['while:3'], { T: float }),
    ),
    library: functions,
  };
}

function ifGraph(op: string): Graph {
  const branches = { then_branch: { func: 'both_parts' }, else_branch: { func: 'negative' } };
  return {
    ...graph(
      x,
      ints('axes', [0, 1, 2, 3]),
      node('sum', 'Sum', ['x', 'axes'], { T: float, keep_dims: false }),
      floats('limit', [], [10]),
      node('large', 'Greater', ['sum', 'limit'], { T: float }),
      node('y', op, ['large', 'x'], branches),
    ),
    library,
  };
}

it('a loop that fails keeps no tensor', async () => {
  const model = await load(loop(3, [0.5, 0.5]), ['y', 'rows']);
  // The second turn writes two channels where the first one wrote one.
  const three: DNNData = { dims: [1, 1, 1, 3], data: Float32Array.of(1, 2, 3) };
  for (let run = 0; run < 3; run++) {
    await expect(model.execute(three)).rejects.toMatchObject({ code: 'DNN_GENERIC_ERROR' });
  }
  expect(model.strayTensors()).toBe(0);
  model.close();
});

describe('functions of a library', () => {
  it.each(['StatelessWhile', 'While'])('%s', async (op) => {
    const model = await load(whileGraph(4, op), ['y', 'copy']);
    const [y, copy] = await model.execute(picture(1, -3));
    expect([...y!.data]).toEqual([halved(1, 4), halved(-3, 4)]);
    expect(copy).toEqual(y);
    for (let run = 0; run < 50; run++) await model.execute(picture(run));
    expect(model.strayTensors()).toBe(0);
    model.close();
  });

  it('a loop that ends at once hands its arguments on', async () => {
    const model = await load(whileGraph(0), ['y']);
    expect([...(await model.execute(picture(5, 6)))[0]!.data]).toEqual([5, 6]);
    expect(model.strayTensors()).toBe(0);
    model.close();
  });

  it.each(['StatelessIf', 'If'])('%s takes one branch or the other', async (op) => {
    const model = await load(ifGraph(op), ['y']);
    expect([...(await model.execute(picture(1, 2)))[0]!.data]).toEqual([-1, -2]);
    expect([...(await model.execute(picture(8, 3)))[0]!.data]).toEqual([16, 6]);
    expect(model.strayTensors()).toBe(0);
    model.close();
  });

  it('frees the weights of functions, too', async () => {
    const before = memory().numTensors;
    (await load(ifGraph('If'), ['y'])).close();
    expect(memory().numTensors).toBe(before);
  });

  it('an op inside a function that has no kernel is named, but only if it can be called', async () => {
    const odd: GraphFunction = {
      ...library[2]!,
      nodes: [node('product', 'NoSuchOp', ['v']), node('fft', 'FFT', ['product:z:0'])],
    };
    const called = { ...ifGraph('If'), library: [...library.filter(({ name }) => name !== odd.name), odd] };
    await expect(load(called, ['y'])).rejects.toMatchObject({
      code: 'ENOSYS',
      details: { ops: ['NoSuchOp', 'FFT'] },
    });
    (await load(whileGraph(1, 'While', called.library), ['y'])).close();
  });
});

/** The indices of the boxes [y0, x0, y1, x1] that non-max suppression keeps: the definition. */
function suppress(
  boxes: readonly number[][],
  scores: readonly number[],
  overlap: number,
  least: number,
): number[] {
  const area = ([y0, x0, y1, x1]: readonly number[]): number => (y1! - y0!) * (x1! - x0!);
  const ratio = (a: readonly number[], b: readonly number[]): number => {
    const height = Math.max(0, Math.min(a[2]!, b[2]!) - Math.max(a[0]!, b[0]!));
    const width = Math.max(0, Math.min(a[3]!, b[3]!) - Math.max(a[1]!, b[1]!));
    return (height * width) / (area(a) + area(b) - height * width);
  };
  const order = scores.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept: number[] = [];
  for (const index of order) {
    if (scores[index]! <= least) continue;
    if (kept.every((other) => ratio(boxes[index]!, boxes[other]!) <= overlap)) kept.push(index);
  }
  return kept;
}

describe('non-max suppression', () => {
  // tfjs-converter does not know that version 4 is asynchronous, and says so at every run.
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  afterAll(() => {
    warn.mockRestore();
  });

  const overlap = 0.4501;
  const scores = [0.5, 0.75, 0.25, 0.875, 0.125, 0.625];
  const operands = [
    placeholder('x', [1, 1, -1, 4]),
    ints('shape', [-1, 4]),
    node('boxes', 'Reshape', ['x', 'shape']),
    floats('scores', [6], scores),
    ints('most', 6),
    // No two boxes here overlap by just as much: tfjs drops such a box, TensorFlow keeps it.
    floats('overlap', [], [overlap]),
    floats('least', [], [0.25]),
    floats('sigma', [], [0]),
  ];
  const box = fc
    .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 9 }))
    .map(([top, left, side]) => [top, left, top + side, left + side]);
  const versions: [string, string[], string][] = [
    ['NonMaxSuppressionV2', ['overlap'], 'y'],
    ['NonMaxSuppressionV3', ['overlap', 'least'], 'y'],
    ['NonMaxSuppressionV4', ['overlap', 'least'], 'y'],
    ['NonMaxSuppressionV5', ['overlap', 'least', 'sigma'], 'y'],
  ];

  it.each(versions)('%s keeps what the definition keeps', async (op, thresholds, output) => {
    const nms = node('nms', op, ['boxes', 'scores', 'most', ...thresholds], { T: float });
    const model = await load(graph(...operands, nms, node(output, 'Identity', ['nms'], { T: int })), [
      output,
    ]);
    await fc.assert(
      fc.asyncProperty(fc.array(box, { minLength: 6, maxLength: 6 }), async (boxes) => {
        const [kept] = await model.execute({ dims: [1, 1, 6, 4], data: Float32Array.from(boxes.flat()) });
        const least = thresholds.includes('least') ? 0.25 : -Infinity;
        expect([...kept!.data]).toEqual(suppress(boxes, scores, overlap, least));
      }),
      { numRuns: 50 },
    );
    expect(model.strayTensors()).toBe(0);
    model.close();
  });
});
