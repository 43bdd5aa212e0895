import { describe, expect, it } from 'vitest';
import { readGraphDef } from '../src/model/graphdef/read-graphdef.ts';
import { GraphDefWriter } from './graphdef-writer.mjs';

describe('GraphDefWriter', () => {
  it('encodes a node as TensorFlow does', () => {
    const graph = new GraphDefWriter();
    graph.placeholder('x', [-1, 3]);
    const text = Buffer.from(graph.toBytes()).toString('hex');
    const shape = ['120b08ffffffffffffffffff01', '12020803'].join('');
    const attrs = ['2a0b0a0564747970651202', '3001', '2a1c0a0573686170651213', '3a11', shape].join('');
    const node = ['0a0178', '120b506c616365686f6c646572', attrs].join('');
    expect(text).toBe(`0a${(node.length / 2).toString(16)}${node}220508b803100c`);
  });

  it('writes what the reader reads: every kind of attribute, little-endian values', () => {
    const graph = new GraphDefWriter();
    graph.placeholder('x', [1, -1, -1, 3]);
    graph.constant('w', { shape: [2], floats: Float32Array.of(0.1, -3e-9) });
    graph.constant('axis', { shape: [], ints: Int32Array.of(-2) });
    graph.op('y', 'Some', ['x', 'w', 'axis'], {
      mode: { s: 'SYMMETRIC' },
      strides: { ints: [1, 300, -1] },
      n: { i: -7 },
      alpha: { f: 0.25 },
    });
    const { nodes } = readGraphDef(graph.toBytes(), 'written');
    expect(nodes).toEqual([
      {
        name: 'x',
        op: 'Placeholder',
        inputs: [],
        attrs: { dtype: { type: 'float32' }, shape: { shape: [1, -1, -1, 3] } },
      },
      {
        name: 'w',
        op: 'Const',
        inputs: [],
        attrs: {
          dtype: { type: 'float32' },
          value: { tensor: { dtype: 'float32', shape: [2], data: Float32Array.of(0.1, -3e-9) } },
        },
      },
      {
        name: 'axis',
        op: 'Const',
        inputs: [],
        attrs: {
          dtype: { type: 'int32' },
          value: { tensor: { dtype: 'int32', shape: [], data: Int32Array.of(-2) } },
        },
      },
      {
        name: 'y',
        op: 'Some',
        inputs: ['x', 'w', 'axis'],
        attrs: {
          T: { type: 'float32' },
          mode: { s: 'SYMMETRIC' },
          strides: { list: { i: [1, 300, -1] } },
          n: { i: -7 },
          alpha: { f: 0.25 },
        },
      },
    ]);
  });

  it('refuses what no graph may hold', () => {
    const graph = new GraphDefWriter();
    graph.placeholder('x', [1]);
    expect(() => graph.placeholder('x', [1])).toThrow(/two nodes/);
    expect(() => graph.op('y', 'Relu', ['later'])).toThrow(/'later'/);
    expect(() => graph.constant('c', { shape: [3], floats: new Float32Array(2) })).toThrow(/2 values/);
  });
});
