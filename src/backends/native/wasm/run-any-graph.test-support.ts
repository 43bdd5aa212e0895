/** Runs a graph with inputs of any number, shape and type on the native backend, for tests in Node. */
import type { DNNData } from '../../../dnn/contract/interface.ts';
import { feedChannelsLast } from '../../../graph/feed-channels-last.ts';
import type { Graph, GraphNode, Tensor } from '../../../graph/graph.ts';
import { isPlaceholderOp } from '../../../graph/input-node.ts';
import { constNode, opNode, placeholderNode, tensorOf } from '../../../graph/node-builder.ts';
import { optimizeGraph } from '../../../graph/optimize-graph.ts';
import { removeDeadNodes } from '../../../graph/remove-dead-nodes.ts';
import { nativeModel } from './native-model.test-support.ts';

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

/**
 * All inputs behind each other in one, from which each is cut out and given its shape.
 *
 * @param images how many parts along the first axis of each input are images of their own.
 */
function packed(
  graph: Graph,
  feeds: Feeds,
  images: number,
): { readonly graph: Graph; readonly input: DNNData } {
  const values = Array.from({ length: images }, (): number[] => []);
  const taken = new Set(graph.nodes.map(({ name }) => name));
  const input = taken.has('packed') ? 'packed/all' : 'packed';
  const cut = (node: GraphNode): GraphNode[] => {
    const tensor = feeds[node.name];
    if (!isPlaceholderOp(node.op) || tensor === undefined) return [node];
    if (tensor.data.length === 0) return [constNode(node.name, tensor)];
    const ints = (label: string, list: readonly number[]): GraphNode =>
      constNode(`${node.name}/${label}`, tensorOf('int32', list));
    const [start, length] = [values[0]!.length, tensor.data.length / images];
    for (const [at, value] of (tensor.data as Float32Array).entries())
      values[Math.floor(at / length)]!.push(value);
    const { name } = node;
    const float = { T: { type: 'float32' } } as const;
    return [
      ints('begin', [0, 0, 0, start]),
      ints('size', [images === 1 ? 1 : -1, 1, 1, length]),
      ints('shape', images === 1 ? tensor.shape : [-1, ...tensor.shape.slice(1)]),
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
  if (values[0]!.length === 0) values[0]!.push(0);
  const count = values[0]!.length;
  const placeholder = placeholderNode(input, [images === 1 ? 1 : -1, 1, 1, count]);
  return {
    graph: { ...graph, nodes: [placeholder, ...nodes] },
    input: { data: Float32Array.from(values.flat()), dims: [images, 1, 1, count] },
  };
}

/** A graph that is made ready to run. */
interface Ready {
  readonly graph: Graph;
  readonly batchFree: boolean;
  readonly input: DNNData;
  readonly name: string;
}

function ready(graph: Graph, feeds: Feeds, outputs: readonly string[], images: number): Ready {
  const live = new Set(removeDeadNodes(graph, Object.keys(feeds), outputs).nodes.map((node) => node.name));
  const used = Object.entries(feeds).filter(([name]) => live.has(name));
  const [only] = used;
  if (images === 1 && used.length === 1 && only !== undefined && isPicture(only[1])) {
    const [name, picture] = only;
    const fed = feedChannelsLast(graph, { input: name, outputs, pictures: false });
    return {
      graph: removeDeadNodes(fed, [name], outputs),
      batchFree: false,
      input: channelsLast(picture),
      name,
    };
  }
  const made = packed(graph, feeds, images);
  const name = made.graph.nodes[0]!.name;
  if (images === 1) {
    return { graph: removeDeadNodes(made.graph, [name], outputs), batchFree: false, input: made.input, name };
  }
  return { ...optimizeGraph(made.graph, { input: name, outputs }), input: made.input, name };
}

/**
 * @param outputs names of nodes; those of rank 4 are given as the graph has them.
 * @param images how many parts along the first axis of each input are run as images of their own.
 * @returns the values of each; of whole numbers and truths as floats.
 * @throws DnnError where the backend refuses the graph.
 */
export async function runAnyGraph(
  graph: Graph,
  feeds: Feeds,
  outputs: readonly string[],
  images = 1,
): Promise<Float32Array[]> {
  const { name, input, ...made } = ready(graph, feeds, outputs, images);
  const model = nativeModel({ ...made, input: name, outputs }, undefined, 'auto', 'simd');
  try {
    const results = await model.execute(input);
    return results.map(({ data }) => Float32Array.from(data));
  } finally {
    model.close();
  }
}
