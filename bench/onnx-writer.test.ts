import { describe, expect, it } from 'vitest';
import { OnnxWriter } from './onnx-writer.mjs';

/** A field that holds bytes, by its key: all here are shorter than 128. */
function bytes(key: string, ...parts: readonly string[]): string {
  const content = parts.join('');
  return `${key}${(content.length / 2).toString(16).padStart(2, '0')}${content}`;
}

const text = (key: string, value: string): string => bytes(key, Buffer.from(value).toString('hex'));

describe('OnnxWriter', () => {
  it('encodes constants, attributes and sizes as onnx.proto says', () => {
    const model = new OnnxWriter();
    model.input('x', [2]);
    model.initializer('w', { shape: [1], values: Float32Array.of(1) });
    model.initializer('n', { shape: [1], values: BigInt64Array.of(-1n) });
    const attributes = { f: { f: 0.5 }, i: { i: 3 }, s: { s: 'dc' }, l: { ints: [1, 2] } };
    model.node('y', 'Op', ['x', '', 'w'], attributes);
    model.output('y', ['n']);

    const node = [
      ...[text('0a', 'x'), text('0a', ''), text('0a', 'w')],
      ...[text('12', 'y'), text('1a', 'y'), text('22', 'Op')],
      bytes('2a', text('0a', 'f'), '150000003f', 'a00101'),
      bytes('2a', text('0a', 'i'), '1803', 'a00102'),
      bytes('2a', text('0a', 's'), text('22', 'dc'), 'a00103'),
      bytes('2a', text('0a', 'l'), '4001', '4002', 'a00107'),
    ];
    const value = (name: string, dim: string): string[] => {
      const shape = bytes('12', bytes('0a', dim));
      return [text('0a', name), bytes('12', bytes('0a', '0801', shape))];
    };
    const graph = [
      bytes('0a', ...node),
      text('12', 'graph'),
      bytes('2a', '0801', '1001', text('42', 'w'), bytes('4a', '0000803f')),
      bytes('2a', '0801', '1007', text('42', 'n'), bytes('4a', 'ffffffffffffffff')),
      bytes('5a', ...value('x', '0802')),
      bytes('62', ...value('y', text('12', 'n'))),
    ].join('');
    // Of two bytes: the graph is longer than the fields in it.
    const length = graph.length / 2;
    const longLength = Buffer.of((length & 127) | 128, length >> 7).toString('hex');
    const expected = `08083a${longLength}${graph}${bytes('42', text('0a', ''), '1011')}`;
    expect(Buffer.from(model.toBytes()).toString('hex')).toBe(expected);
  });

  it('refuses what no model may hold', () => {
    const model = new OnnxWriter();
    model.input('x', [1]);
    expect(() => model.input('x', [1])).toThrow(/two values/);
    expect(() => model.node('y', 'Relu', ['later'])).toThrow(/'later'/);
    expect(() => model.initializer('c', { shape: [3], values: new Float32Array(2) })).toThrow(/2 values/);
    expect(() => {
      model.output('z', [1]);
    }).toThrow(/'z'/);
  });
});
