import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { AttrValue, Tensor } from '../../graph/graph.ts';
import {
  convolution,
  floats,
  graph,
  ints,
  node,
  placeholder,
} from '../../graph/graph-builder.test-support.ts';
import { constNode } from '../../graph/node-builder.ts';
import {
  bytes,
  float,
  join,
  nodeProto,
  number,
  shapeProto,
  text,
  varint,
  writeGraphDef,
} from './graphdef-writer.test-support.ts';
import { readGraphDef } from './read-graphdef.ts';

const small = graph(
  placeholder('x', [1, -1, -1, 3]),
  ...convolution('conv', 'x', [3, 3, 3, 4]),
  floats('bias', [4]),
  node('add', 'BiasAdd', ['conv', 'bias'], { data_format: 'NHWC' }),
  ints('size', [2, 2]),
  node('y', 'LeakyRelu', ['add'], { alpha: { f: 0.5 } }),
);

function constant(proto: Uint8Array): Tensor {
  const file = nodeProto('c', 'Const', [], { value: bytes(8, proto) });
  const value = readGraphDef(file, 'c.pb').nodes[0]!.attrs['value'];
  if (value === undefined || !('tensor' in value)) throw new Error('no tensor');
  return value.tensor;
}

function thrown(action: () => unknown): DnnError {
  try {
    action();
  } catch (error) {
    if (error instanceof DnnError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const shape = (...sizes: number[]): Uint8Array => bytes(2, shapeProto(sizes));
const float64 = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);
const int64 = (...values: bigint[]): Uint8Array => new Uint8Array(BigInt64Array.from(values).buffer);

describe('nodes', () => {
  test('a graph comes back as it was written', () => {
    expect(readGraphDef(writeGraphDef(small), 'small.pb')).toEqual(small);
  });

  test('every kind of attribute is kept', () => {
    const attrs: Record<string, AttrValue> = {
      s: { s: 'SAME' },
      i: { i: -3 },
      f: { f: 0.25 },
      b: { b: false },
      type: { type: 'int64' },
      shape: { shape: [1, -1] },
      scalar: { shape: [] },
      rank: { shape: null },
      func: { func: 'body' },
      strings: { list: { s: ['a', 'b'] } },
      ints: { list: { i: [1, -1, 70000] } },
      floats: { list: { f: [0.5, 2] } },
      bools: { list: { b: [true, false] } },
      types: { list: { type: ['float32', 'bool'] } },
      shapes: { list: { shape: [[2], null] } },
      empty: { list: {} },
    };
    const file = writeGraphDef(graph({ name: 'n', op: 'Any', inputs: [], attrs }));
    expect(readGraphDef(file, 'n.pb').nodes[0]!.attrs).toEqual(attrs);
  });

  test('an attribute named like a property of objects is an ordinary one', () => {
    const file = nodeProto('n', 'Any', [], { constructor: number(3, 4) });
    expect(readGraphDef(file, 'n.pb').nodes[0]!.attrs).toEqual({ constructor: { i: 4 } });
  });

  test('inputs lose :0 and keep ^ and other outputs', () => {
    const file = join(
      nodeProto('a', 'Split'),
      nodeProto('b', 'NoOp'),
      nodeProto('c', 'AddN', ['a:0', 'a:1', '^b']),
    );
    expect(readGraphDef(file, 'c.pb').nodes[2]!.inputs).toEqual(['a', 'a:1', '^b']);
  });

  test('the Graph holds no view of the file', () => {
    const file = writeGraphDef(small);
    const model = readGraphDef(file, 'small.pb');
    const before = structuredClone(model);
    file.fill(0xff);
    expect(model).toEqual(before);
  });
});

describe('constants', () => {
  test('the last value of a list is repeated, no value means zeros', () => {
    expect(constant(join(number(1, 1), shape(2, 2), float(5, 1.5), float(5, 2.5))).data).toEqual(
      Float32Array.of(1.5, 2.5, 2.5, 2.5),
    );
    expect(constant(join(number(1, 3), shape(3))).data).toEqual(Int32Array.of(0, 0, 0));
  });

  test('packed and single values are the same', () => {
    const packed = bytes(7, varint(5), varint(-6), varint(300));
    const single = join(number(7, 5), number(7, -6), number(7, 300));
    const expected = { dtype: 'int32', shape: [3], data: Int32Array.of(5, -6, 300) };
    expect(constant(join(number(1, 3), shape(3), packed))).toEqual(expected);
    expect(constant(join(number(1, 3), shape(3), single))).toEqual(expected);
  });

  test.each([
    ['double', 2, float64(0.1, -2), 'float32', Float32Array.of(0.1, -2)],
    [
      'half',
      19,
      new Uint8Array(Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7c00).buffer),
      'float32',
      Float32Array.of(1, -2.5, 2 ** -24, Infinity),
    ],
    ['int64', 9, int64(-1n, 2n ** 31n - 1n), 'int32', Int32Array.of(-1, 2 ** 31 - 1)],
    ['int16', 5, new Uint8Array(Int16Array.of(-2, 3).buffer), 'int16', Int32Array.of(-2, 3)],
    ['uint16', 17, new Uint8Array(Uint16Array.of(65535).buffer), 'uint16', Int32Array.of(65535)],
    ['int8', 6, Uint8Array.of(255, 1), 'int8', Int32Array.of(-1, 1)],
    ['uint8', 4, Uint8Array.of(255, 1), 'uint8', Uint8Array.of(255, 1)],
    ['bool', 10, Uint8Array.of(0, 1), 'bool', Uint8Array.of(0, 1)],
  ] as const)('%s content', (_label, type, content, dtype, data) => {
    expect(constant(join(number(1, type), shape(data.length), bytes(4, content)))).toEqual({
      dtype,
      shape: [data.length],
      data,
    });
  });

  test('half, double, int64, bool and string lists', () => {
    expect(constant(join(number(1, 19), shape(1), number(13, 0x4000))).data).toEqual(Float32Array.of(2));
    expect(constant(join(number(1, 2), shape(2), bytes(6, float64(3, 4)))).data).toEqual(
      Float32Array.of(3, 4),
    );
    expect(constant(join(number(1, 9), shape(2), number(10, -7))).data).toEqual(Int32Array.of(-7, -7));
    expect(constant(join(number(1, 10), shape(2), number(11, 1))).data).toEqual(Uint8Array.of(1, 1));
    expect(constant(join(number(1, 7), shape(2), text(8, 'a'))).data).toEqual(['a', 'a']);
  });

  test('an int64 that does not fit names its node', () => {
    const error = thrown(() => constant(join(number(1, 9), shape(), number(10, 2n ** 40n))));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain("node 'c'");
    expect(error.message).toContain('1099511627776');
  });

  test('content of another length than the shape asks for is refused', () => {
    const error = thrown(() => constant(join(number(1, 1), shape(2, 3), bytes(4, new Uint8Array(20)))));
    expect(error.message).toMatch(
      /node 'c' has 20 bytes of values where its shape \[2, 3\] needs 24 at byte \d+/,
    );
  });

  test('a few bytes cannot ask for gigabytes', () => {
    const huge = join(number(1, 1), shape(30000, 30000), float(5, 1));
    expect(thrown(() => constant(huge)).message).toContain('[30000, 30000]');
    const many = Array.from({ length: 3 }, (_, index) =>
      nodeProto(`c${index}`, 'Const', [], { value: bytes(8, number(1, 4), shape(2 ** 25)) }),
    );
    expect(thrown(() => readGraphDef(join(...many), 'many.pb')).code).toBe('EINVAL');
  });

  test('unsupported types are named', () => {
    expect(thrown(() => constant(join(number(1, 14), shape(1)))).message).toContain('DT_BFLOAT16');
  });
});

describe('what is no frozen graph', () => {
  test('a cut file says where', () => {
    const file = writeGraphDef(small);
    const error = thrown(() => readGraphDef(file.subarray(0, 120), 'cut.pb'));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toMatch(/^model 'cut\.pb': .* at byte \d+ of 120; the file is cut or damaged/);
    expect(error.details['offset']).toBeTypeOf('number');
  });

  test.each([
    ['duplicate names', join(nodeProto('a', 'NoOp'), nodeProto('a', 'NoOp')), /two nodes have the name 'a'/],
    ['dangling input', nodeProto('a', 'Relu', ['gone:1']), /node 'a' \(Relu\) takes 'gone:1'/],
    ['cycle', join(nodeProto('a', 'Relu', ['b']), nodeProto('b', 'Relu', ['a'])), /'a' → 'b'|'b' → 'a'/],
    ['variable', nodeProto('w', 'VariableV2'), /the node 'w' \(VariableV2\) is a variable.*freeze/],
    ['no node', bytes(4, number(1, 440)), /has no nodes/],
    ['nameless node', bytes(1, text(2, 'Relu')), /node without a name at byte/],
    ['a line feed in a name', nodeProto('a\nb', 'Relu'), /control characters at byte/],
    ['group wire type', Uint8Array.of(0x0b), /wire type 3/],
    ['MetaGraphDef', join(nodeProto('a', 'NoOp'), bytes(3, number(1, 1))), /MetaGraphDef/],
    ['another message', join(nodeProto('a', 'NoOp'), bytes(9, number(1, 1))), /field 9/],
    [
      'endless integer',
      Uint8Array.of(0x18, ...new Array<number>(11).fill(0xff)),
      /more than 10 bytes at byte 1/,
    ],
  ])('%s', (_label, file, message) => {
    const error = thrown(() => readGraphDef(file, 'bad.pb'));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toMatch(message);
    expect(error.message).toContain("'bad.pb'");
  });

  test('a loop of control flow is allowed', () => {
    const file = join(
      nodeProto('enter', 'Enter'),
      nodeProto('merge', 'Merge', ['enter', 'next']),
      nodeProto('next', 'NextIteration', ['merge']),
    );
    expect(readGraphDef(file, 'loop.pb').nodes).toHaveLength(3);
  });

  test('a chain of 20000 nodes does not overflow the stack', () => {
    const nodes = Array.from({ length: 20000 }, (_, index) => node(`n${index}`, 'Relu', [`n${index + 1}`]));
    const parts = [...nodes, placeholder('n20000', [1])].map((entry) =>
      nodeProto(entry.name, entry.op, entry.inputs),
    );
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const file = new Uint8Array(size);
    let offset = 0;
    for (const part of parts) {
      file.set(part, offset);
      offset += part.length;
    }
    expect(readGraphDef(file, 'deep.pb').nodes).toHaveLength(20001);
  });
});

test('a quantised graph is no damaged one', () => {
  const small32 = writeGraphDef(
    graph(placeholder('x', [1]), constNode('w', { dtype: 'float32', shape: [1], data: Float32Array.of(5) })),
  );
  // The type stands in the attribute of the node and in its tensor, field 1 of which it is.
  const at = small32.findLastIndex(
    (_, index) => small32[index] === 8 && small32[index + 1] === 1 && small32[index + 2] === 0x12,
  );
  small32[at + 1] = 12;
  expect(() => readGraphDef(small32, 'q.pb')).toThrow(
    /constant of type DT_QUINT8, at byte \d+, which is not supported; the graph was quantised: .*int8/,
  );
});

describe('damaged files', () => {
  const valid = writeGraphDef(small);
  /** Reading either gives a graph or fails with a DnnError of one line. */
  const survives = (file: Uint8Array): void => {
    try {
      readGraphDef(file, 'fuzz.pb');
    } catch (error) {
      expect(error).toBeInstanceOf(DnnError);
      // A type that is not held may be what a damaged byte says.
      const isType = (error as DnnError).message.includes('has a constant of type DT_');
      expect((error as DnnError).code).toBe(isType ? 'ENOSYS' : 'EINVAL');
      expect((error as DnnError).message).not.toContain('\n');
    }
  };

  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 1500 });
  });

  test('every truncation', () => {
    for (let length = 0; length < valid.length; length++) survives(valid.subarray(0, length));
  });

  test('flipped bits', () => {
    const flips = fc.array(fc.nat(valid.length * 8 - 1), { minLength: 1, maxLength: 4 });
    const flipped = (bits: readonly number[]): void => {
      const file = valid.slice();
      for (const bit of bits) file[bit >> 3]! ^= 1 << (bit & 7);
      survives(file);
    };
    fc.assert(fc.property(flips, flipped), { numRuns: 1500 });
  });
});
