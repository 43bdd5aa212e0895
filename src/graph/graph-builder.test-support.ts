/** Graphs written in code, for tests. */
import type { DataType, Graph, GraphNode, Tensor } from './graph.ts';
import { constNode, floatNode, tensorOf, type ShortAttrs } from './node-builder.ts';
import { elementCount } from './tensor-storage.ts';

export { opNode as node, placeholderNode as placeholder } from './node-builder.ts';

export function tensor(dtype: DataType, shape: readonly number[], values: ArrayLike<number>): Tensor {
  return tensorOf(dtype, values, shape);
}

/** A float constant; one value fills the shape, none gives a pattern of small numbers of both signs. */
export function floats(name: string, shape: readonly number[], values?: readonly number[]): GraphNode {
  const all = Array.from({ length: elementCount(shape) }, (_, index) =>
    values === undefined ? ((index * 37 + 11) % 19) / 16 - 0.5 : values[index % values.length]!,
  );
  return constNode(name, tensor('float32', shape, all));
}

/** An int32 constant: a scalar of one number, or a tensor. */
export function ints(name: string, values: number | readonly number[], shape?: readonly number[]): GraphNode {
  return constNode(name, tensorOf('int32', values, shape));
}

export function graph(...nodes: readonly GraphNode[]): Graph {
  return { nodes, signature: { inputs: {}, outputs: {} } };
}

/** A convolution with its constant kernel. */
export function convolution(
  name: string,
  input: string,
  kernel: readonly [number, number, number, number],
  attrs: ShortAttrs = {},
): GraphNode[] {
  return [
    floats(`${name}/kernel`, kernel),
    floatNode(
      name,
      attrs['depthwise'] === true ? 'DepthwiseConv2dNative' : 'Conv2D',
      [input, `${name}/kernel`],
      {
        strides: [1, 1, 1, 1],
        padding: 'SAME',
        data_format: 'NHWC',
        dilations: [1, 1, 1, 1],
        ...Object.fromEntries(Object.entries(attrs).filter(([key]) => key !== 'depthwise')),
      },
    ),
  ];
}
