/** Runs a graph with inputs of any number, shape and type on the native backend, for tests in Node. */
import type { DNNData } from '../../../dnn/contract/interface.ts';
import { feedChannelsLast } from '../../../graph/feed-channels-last.ts';
import type { Graph, GraphNode, Tensor } from '../../../graph/graph.ts';
import { isPlaceholderOp } from '../../../graph/input-node.ts';
import { constNode, opNode, placeholderNode, tensorOf } from '../../../graph/node-builder.ts';
import { removeDeadNodes } from '../../../graph/remove-dead-nodes.ts';
import { nativeModel } from './native-model.test-support.ts';
import type { KernelBuild } from './load-kernels.ts';

/** What the graph is fed with, by the names of its placeholders. */
export type Feeds = Readonly<Record<string, Tensor>>;

function isPicture({ shape, dtype }: Tensor): boolean {
  return shape.length === 4 && shape[0] === 1 && dtype === 'float32';
}

/** NCHW to NHWC. */
function channelsLast({ shape, data }: Tensor): DNNData {
  const [n, c, h, w] = shape as [number, number, number, number];
  const values = new Float32Array(data.length);
  for (let at = 0; at < values.length; at++) {
    values[at] = data[(at % c) * h * w + Math.floor(at / c)] as number;
  }
  return { data: values, dims: [n, h, w, c] };
}

/** All inputs behind each other in one, from which each is cut out and given its shape. */
function packed(graph: Graph, feeds: Feeds): { readonly graph: Graph; readonly input: DNNData } {
  const values: number[] = [];
  const taken = new Set(graph.nodes.map(({ name }) => name));
  const input = taken.has('packed') ? 'packed/all' : 'packed';
  const cut = (node: GraphNode): GraphNode[] => {
    const tensor = feeds[node.name];
    if (!isPlaceholderOp(node.op) || tensor === undefined) return [node];
    if (tensor.data.length === 0) return [constNode(node.name, tensor)];
    const ints = (label: string, list: readonly number[]): GraphNode =>
      constNode(`${node.name}/${label}`, tensorOf('int32', list));
    const start = values.length;
    for (const value of tensor.data as ArrayLike<number> & Iterable<number>) values.push(value);
    const { name } = node;
    const float = { T: { type: 'float32' } } as const;
    return [
      ints('begin', [0, 0, 0, start]),
      ints('size', [1, 1, 1, tensor.data.length]),
      ints('shape', tensor.shape),
      opNode(`${name}/part`, 'Slice', [input, `${name}/begin`, `${name}/size`], float),
      ...(tensor.dtype === 'float32'
        ? [opNode(name, 'Reshape', [`${name}/part`, `${name}/shape`], float)]
        : [
            opNode(`${name}/floats`, 'Reshape', [`${name}/part`, `${name}/shape`], float),
            opNode(name, 'Cast', [`${name}/floats`], {
              SrcT: { type: 'float32' },
              DstT: { type: tensor.dtype },
            }),
          ]),
    ];
  };
  const nodes = graph.nodes.flatMap(cut);
  // The backend takes no empty frame.
  if (values.length === 0) values.push(0);
  const placeholder = placeholderNode(input, [1, 1, 1, values.length]);
  return {
    graph: { ...graph, nodes: [placeholder, ...nodes] },
    input: { data: Float32Array.from(values), dims: [1, 1, 1, values.length] },
  };
}

/**
 * @param outputs names of nodes; those of rank 4 are given as the graph has them.
 * @returns the values of each; of whole numbers and truths as floats.
 * @throws DnnError where the backend refuses the graph.
 */
export async function runAnyGraph(
  graph: Graph,
  feeds: Feeds,
  outputs: readonly string[],
  build: KernelBuild = 'simd',
): Promise<Float32Array[]> {
  const live = new Set(removeDeadNodes(graph, Object.keys(feeds), outputs).nodes.map((node) => node.name));
  const used = Object.entries(feeds).filter(([name]) => live.has(name));
  const [only] = used;
  const single = used.length === 1 && only !== undefined && isPicture(only[1]) ? only : undefined;
  const made =
    single === undefined
      ? packed(graph, feeds)
      : {
          graph: feedChannelsLast(graph, { input: single[0], outputs, pictures: false }),
          input: channelsLast(single[1]),
        };
  const input = single?.[0] ?? made.graph.nodes[0]!.name;
  const dead = removeDeadNodes(made.graph, [input], outputs);
  const model = nativeModel({ graph: dead, batchFree: false, input, outputs }, undefined, 'auto', build);
  try {
    const results = await model.execute(made.input);
    return results.map(({ data }) => Float32Array.from(data));
  } finally {
    model.close();
  }
}
