/** Ops of images with channels in front compute the same once the graph is turned, and leave no Transpose. */
import { expect, test } from 'vitest';
import { channelsLast } from '../../graph/channels-last.ts';
import type { AttrValue, Graph, GraphNode } from '../../graph/graph.ts';
import { intsAttr } from '../../graph/node-attrs.ts';
import { ints } from '../../graph/graph-builder.test-support.ts';
import { typed, type OpCase } from './op-case.test-support.ts';
import { allCases, fedTensor } from './run-case.test-support.ts';
import { runReference } from './run-reference.test-support.ts';

const toFirst = [0, 3, 1, 2];
const firstOf = <T>(list: readonly T[]): T[] => toFirst.map((axis) => list[axis]!);
const axisFirst = (axis: number): number => toFirst.indexOf(axis < 0 ? axis + 4 : axis);

/**
 * A node of images with channels last, written for channels first; undefined where a case has other ranks.
 */
type Writer = (node: GraphNode, constants: ReadonlyMap<string, readonly number[]>) => GraphNode[];

const layout: Writer = (node) => {
  const attrs: Record<string, AttrValue> = { ...node.attrs, data_format: { s: 'NCHW' } };
  for (const name of ['ksize', 'strides', 'dilations']) {
    const list = intsAttr(node, name);
    if (list.length === 4) attrs[name] = { list: { i: firstOf(list) } };
  }
  const pads = intsAttr(node, 'explicit_paddings');
  const pairs = [0, 2, 4, 6].map((first) => pads.slice(first, first + 2));
  if (pads.length === 8) attrs['explicit_paddings'] = { list: { i: firstOf(pairs).flat() } };
  return [{ ...node, attrs }];
};

const padded: Writer = (node) => {
  const pads = intsAttr(node, 'paddings');
  const pairs = [0, 2, 4, 6].map((first) => pads.slice(first, first + 2));
  return [{ ...node, attrs: { ...node.attrs, paddings: { list: { i: firstOf(pairs).flat() } } } }];
};

/** The numbers of an input, rewritten. */
const numbers =
  (input: number, rewrite: (list: readonly number[]) => number[], isScalar = false): Writer =>
  (node, constants) => {
    const list = rewrite(constants.get(node.inputs[input]!)!);
    const constant = isScalar ? ints('turned', list[0]!) : ints('turned', list);
    return [constant, { ...node, inputs: node.inputs.with(input, 'turned') }];
  };

const writers: Readonly<Record<string, Writer>> = {
  WindowPool: layout,
  ResizeImage: layout,
  PixelShuffle: layout,
  PixelUnshuffle: layout,
  WrapPad: padded,
  EdgePad: padded,
  ReverseV2: numbers(1, (axes) => axes.map(axisFirst)),
  Tile: numbers(1, firstOf),
  Cumsum: numbers(1, ([axis]) => [axisFirst(axis!)], true),
  GatherV2: numbers(2, ([axis]) => [axisFirst(axis!)], true),
};

/** Cases of one op of the picture alone, besides constants. */
function isOfPicture({ graph, input }: OpCase): boolean {
  const others = graph.nodes.filter(({ op }) => op !== 'Const' && op !== 'Placeholder');
  return others.length === 1 && others[0]!.inputs[0] === 'x' && input.dims[0] === 1;
}

const cases = allCases.flatMap((entry) => {
  const op = entry.graph.nodes.at(-1)!.op;
  const writer = writers[op];
  const shape = entry.graph.nodes.find(({ name }) => name === 'x')!.attrs['shape'];
  const ranks = shape !== undefined && 'shape' in shape ? shape.shape?.length : undefined;
  return writer !== undefined && isOfPicture(entry) && ranks === 4
    ? [[entry.title, entry, writer] as const]
    : [];
});

function turned({ graph }: OpCase, writer: Writer): Graph {
  const node = graph.nodes.at(-1)!;
  const constants = new Map(
    graph.nodes.flatMap(({ name, attrs }) => {
      const value = attrs['value'];
      return value !== undefined && 'tensor' in value
        ? [[name, Array.from(value.tensor.data, Number)] as const]
        : [];
    }),
  );
  const last = { ...node, name: 'last', inputs: ['first', ...node.inputs.slice(1)] };
  const nodes = [
    ...graph.nodes.slice(0, -1),
    ints('in', toFirst),
    typed('first', 'Transpose', ['x', 'in']),
    ...writer(last, constants),
    ints('out', [0, 2, 3, 1]),
    typed('y', 'Transpose', ['last', 'out']),
  ];
  return channelsLast({ ...graph, nodes }, ['y']);
}

test('there are cases of every op', () => {
  const ops = new Set(cases.map(([title]) => title.slice(0, title.indexOf(':'))));
  expect([...ops].sort()).toEqual(Object.keys(writers).sort());
});

test.each(cases)('%s', (_title, entry, writer) => {
  const graph = turned(entry, writer);
  expect(graph.nodes.filter(({ op }) => op === 'Transpose')).toEqual([]);
  const x = fedTensor(entry);
  const [got, wanted] = [runReference(graph, { x }, 'y'), runReference(entry.graph, { x }, 'y')];
  expect(got.shape).toEqual(wanted.shape);
  expect(got.data).toEqual(wanted.data);
});
