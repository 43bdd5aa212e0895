import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import type { Graph, GraphFunction } from '../graph/graph.ts';
import { floats, graph, ints, node, placeholder } from '../graph/graph-builder.test-support.ts';
import { optimizeGraph } from '../graph/optimize-graph.ts';
import { writeGraphDef } from './graphdef/graphdef-writer.test-support.ts';
import { readGraphDef } from './graphdef/read-graphdef.ts';
import { readTfjsModel } from './tfjs/read-tfjs-model.ts';

const body: GraphFunction = {
  name: 'body',
  inputs: [
    { name: 'i', type: 'int32' },
    { name: 'list', type: undefined },
  ],
  outputs: [
    { name: 'i_out', type: 'int32' },
    { name: 'list_out', type: undefined },
  ],
  nodes: [
    ints('one', 1),
    node('sum', 'AddV2', ['i', 'one:output:0', '^nothing'], { T: { type: 'int32' } }),
    node('nothing', 'NoOp'),
    node('set', 'TensorListSetItem', ['list', 'i', 'sum:z:0'], { element_dtype: { type: 'int32' } }),
  ],
  returns: { i_out: 'sum:z:0', list_out: 'set:output_handle:0' },
};
const cond: GraphFunction = {
  name: 'cond',
  inputs: body.inputs,
  outputs: [{ name: 'go', type: 'bool' }],
  nodes: [ints('three', 3), node('less', 'Less', ['i', 'three:output:0'])],
  returns: { go: 'less:z:0' },
};
const model: Graph = {
  ...graph(
    placeholder('x', [1, -1, -1, 3]),
    ints('zero', 0),
    floats('unused', [2]),
    node('while', 'StatelessWhile', ['zero', 'x'], { cond: { func: 'cond' }, body: { func: 'body' } }),
    node('y', 'Identity', ['while:1']),
  ),
  library: [body, cond],
};

function withFunctions(...library: readonly GraphFunction[]): Graph {
  return { ...model, library };
}

/** The error of reading the written model. */
function refusal(written: Graph): DnnError {
  try {
    readGraphDef(writeGraphDef(written), 'm.pb');
  } catch (error) {
    if (error instanceof DnnError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('the functions of a GraphDef are read as they are', () => {
  expect(readGraphDef(writeGraphDef(model), 'm.pb')).toEqual(model);
  expect(readGraphDef(writeGraphDef(graph(...model.nodes.slice(0, 3))), 'm.pb')).not.toHaveProperty(
    'library',
  );
});

test('passes leave the functions alone', () => {
  const { graph: optimised } = optimizeGraph(model, { input: 'x', outputs: ['y'] });
  expect(optimised.library).toEqual(model.library);
  expect(optimised.nodes.map(({ name }) => name)).toEqual(['x', 'zero', 'while', 'y']);
});

describe('a tfjs model', () => {
  const camel = {
    function: [
      {
        signature: {
          name: 'half',
          inputArg: [
            { name: 'v', type: 'DT_FLOAT' },
            { name: 'handle', type: 'DT_VARIANT' },
          ],
          outputArg: [{ name: 'out', type: 1 }],
        },
        nodeDef: [
          { name: 'half/c', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } },
          { name: 'product', op: 'Mul', input: ['v', 'half/c:output:0'], attr: { T: { type: 'DT_FLOAT' } } },
        ],
        ret: { out: 'product:z:0' },
      },
    ],
  };
  const snake = {
    function: camel.function.map(({ signature, nodeDef, ret }) => ({
      signature: { name: signature.name, input_arg: signature.inputArg, output_arg: signature.outputArg },
      node_def: nodeDef,
      ret,
    })),
  };

  test.each([
    ['camelCase', camel],
    ['snake_case', snake],
  ])('has its functions in %s, their constants in the weights', async (_, library) => {
    const json = {
      modelTopology: {
        node: [
          { name: 'x', op: 'Placeholder', attr: { shape: { shape: { dim: [{ size: '1' }] } } } },
          { name: 'y', op: 'If', input: ['x', 'x:0'], attr: { then_branch: { func: { name: 'half' } } } },
        ],
        library,
      },
      weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'half/c', shape: [], dtype: 'float32' }] }],
    };
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    const weights = new Uint8Array(Float32Array.of(0.5).buffer);
    const read = await readTfjsModel(bytes, 'model.json', () => Promise.resolve(weights));
    expect(read.library).toEqual([
      {
        name: 'half',
        inputs: [
          { name: 'v', type: 'float32' },
          { name: 'handle', type: undefined },
        ],
        outputs: [{ name: 'out', type: 'float32' }],
        nodes: [
          floats('half/c', [], [0.5]),
          node('product', 'Mul', ['v', 'half/c:output:0'], { T: { type: 'float32' } }),
        ],
        returns: { out: 'product:z:0' },
      },
    ]);
    expect(read.nodes[1]!.inputs).toEqual(['x', 'x']);
  });
});

describe('refused', () => {
  test.each<[string, Graph, RegExp]>([
    [
      'a function that is not there',
      withFunctions(cond),
      /'body' is called by node 'while' \(StatelessWhile\)/,
    ],
    ['a function that is there twice', withFunctions(body, cond, cond), /'cond' is in the library twice/],
    [
      'a reference to nothing',
      withFunctions(body, { ...cond, nodes: cond.nodes.slice(1) }),
      /'cond' takes 'three:output:0' for its node 'less'/,
    ],
    [
      'an output that is not returned',
      withFunctions(body, { ...cond, outputs: [{ name: 'toString', type: 'bool' }] }),
      /'cond' takes '' for its output 'toString'/,
    ],
    [
      'two nodes of one name',
      withFunctions(body, { ...cond, nodes: [...cond.nodes, ints('i', 1)] }),
      /'cond' has two nodes or arguments named 'i'/,
    ],
    [
      'a call from a function to nothing',
      withFunctions(body, {
        ...cond,
        nodes: [...cond.nodes, node('if', 'If', ['i'], { then_branch: { func: 'gone' } })],
      }),
      /'gone' is called by node 'if' \(If\)/,
    ],
    [
      'a variable in a function',
      withFunctions(body, { ...cond, nodes: [...cond.nodes, node('v', 'VarHandleOp')] }),
      /the node 'v' \(VarHandleOp\) is a variable/,
    ],
  ])('%s', (_, written, message) => {
    const error = refusal(written);
    expect(error.code).toBe('EINVAL');
    expect(error.message).toMatch(message);
  });

  test('damaged libraries end in a DnnError or in a graph', () => {
    const valid = writeGraphDef(model);
    const flips = fc.array(fc.nat(valid.length * 8 - 1), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, (bits) => {
        const file = valid.slice();
        for (const bit of bits) file[bit >> 3]! ^= 1 << (bit & 7);
        try {
          readGraphDef(file, 'fuzz.pb');
        } catch (error) {
          expect(error).toBeInstanceOf(DnnError);
          expect((error as DnnError).message).not.toContain('\n');
        }
      }),
      { numRuns: 1500 },
    );
  });
});
