/**
 * The pass that recognises what frameworks write as Reshape, Transpose, Reshape of images with channels in
 * front: pixel shuffles both ways and shuffles of channels.
 */
import type { Graph, GraphNode } from '../../../graph/graph.ts';
import { freshName, replaceNodes, withNodes } from '../../../graph/graph-edits.ts';
import { inferShapes, type InferredShapes } from '../../../graph/infer-shapes.ts';
import { dataInputs } from '../../../graph/node-attrs.ts';
import { constNode, floatNode, tensorOf } from '../../../graph/node-builder.ts';
import { isFullyKnown } from '../../../graph/tensor-storage.ts';
import { nodesByName } from '../../../graph/topological-order.ts';
import { elements, isKnown } from '../../../graph/values/known-value.ts';

/** A chain with the shapes before, within and behind it, and the permutation of the middle. */
interface Chain {
  readonly source: string;
  readonly from: readonly number[];
  readonly apart: readonly number[];
  readonly order: string;
  readonly to: readonly number[];
}

/** By permutation: the op, and which axes of the middle are the block's rows and columns. */
const pixelShuffles: Readonly<Record<string, readonly [op: string, rows: number, columns: number]>> = {
  '0,1,4,2,5,3': ['PixelShuffle', 2, 3],
  '0,3,4,1,5,2': ['DepthToSpace', 1, 2],
  '0,1,3,5,2,4': ['PixelUnshuffle', 3, 5],
  '0,3,5,1,2,4': ['SpaceToDepth', 3, 5],
};

/** The block size where a chain moves pixels between blocks and channels as its permutation says. */
function blockOf({
  from,
  apart,
  order,
  to,
}: Chain): { readonly op: string; readonly block: number } | undefined {
  const [op, rows, columns] = pixelShuffles[order] ?? [];
  if (op === undefined || apart[rows!] !== apart[columns!]) return undefined;
  const block = apart[rows!]!;
  const enlarges = op === 'PixelShuffle' || op === 'DepthToSpace';
  const [small, large] = enlarges ? [from, to] : [to, from];
  const fits =
    small[2]! * block === large[2] &&
    small[3]! * block === large[3] &&
    small[1] === large[1]! * block * block;
  const [height, width] = enlarges ? [apart[4], apart[5]] : [apart[2], apart[4]];
  return fits && height === small[2] && width === small[3] ? { op, block } : undefined;
}

/** Groups and channels of each where a chain brings channels of different groups together. */
function channelOrder({ from, apart, order, to }: Chain): number[] | undefined {
  const [, groups = 0, each = 0, height, width] = apart;
  const isShuffle = apart.length === 5 && order === '0,2,1,3,4' && to.join() === from.join();
  if (!isShuffle || height !== from[2] || width !== from[3]) return undefined;
  return Array.from({ length: groups * each }, (_, at) => (at % groups) * each + Math.floor(at / groups));
}

class ShuffleFinder {
  readonly #byName: ReadonlyMap<string, GraphNode>;
  readonly #shapes: InferredShapes;

  constructor(graph: Graph) {
    this.#byName = nodesByName(graph);
    this.#shapes = inferShapes(graph);
  }

  /** The chain that ends in a node; of single images, all sizes known. */
  chainOf(last: GraphNode): Chain | undefined {
    if (last.op !== 'Reshape') return undefined;
    const turn = this.#byName.get(dataInputs(last)[0]!);
    const first = turn?.op === 'Transpose' ? this.#byName.get(dataInputs(turn)[0]!) : undefined;
    if (turn === undefined || first?.op !== 'Reshape') return undefined;
    const order = this.#shapes.valueOf(dataInputs(turn)[1]!);
    const source = dataInputs(first)[0]!;
    const [from, apart, to] = [source, first.name, last.name].map((name) => this.#shapes.shapeOf(name)) as [
      Chain['from'] | null,
      Chain['apart'] | null,
      Chain['to'] | null,
    ];
    if (!isKnown(order) || !isFullyKnown(from) || !isFullyKnown(apart) || !isFullyKnown(to)) return undefined;
    const isOneImage = from.length === 4 && to.length === 4 && from[0] === 1 && apart[0] === 1 && to[0] === 1;
    return isOneImage ? { source, from, apart, order: elements(order).join(), to } : undefined;
  }
}

/** Writes such chains as PixelShuffle, DepthToSpace, their inverses, or GatherV2 of channels. */
export function findShuffles(graph: Graph): Graph {
  if (!graph.nodes.some(({ op }) => op === 'Transpose')) return graph;
  const finder = new ShuffleFinder(graph);
  const names = new Set(graph.nodes.map(({ name }) => name));
  const replacements = new Map<string, GraphNode>();
  const constants: GraphNode[] = [];
  const constant = (name: string, values: number | readonly number[]): string => {
    const fresh = freshName(names, name);
    names.add(fresh);
    constants.push(constNode(fresh, tensorOf('int32', values)));
    return fresh;
  };
  for (const node of graph.nodes) {
    const chain = finder.chainOf(node);
    if (chain === undefined) continue;
    const { name } = node;
    const [pixels, channels] = [blockOf(chain), channelOrder(chain)];
    if (pixels !== undefined) {
      const attrs = { block_size: pixels.block, data_format: 'NCHW' };
      replacements.set(name, floatNode(name, pixels.op, [chain.source], attrs));
    } else if (channels !== undefined) {
      const inputs = [chain.source, constant(`${name}/order`, channels), constant(`${name}/axis`, 1)];
      replacements.set(name, floatNode(name, 'GatherV2', inputs));
    }
  }
  if (replacements.size === 0) return graph;
  const replaced = replaceNodes(graph, replacements);
  return withNodes(replaced, [...constants, ...replaced.nodes]);
}
