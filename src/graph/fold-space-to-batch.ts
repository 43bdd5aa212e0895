/**
 * The pass that turns SpaceToBatchND – convolution – BatchToSpaceND, TensorFlow 1's way of writing a dilated
 * convolution (tensorflow/python/ops/nn_ops.py · with_space_to_batch), back into one dilated convolution.
 */
import { DnnError } from '../base/errors.ts';
import type { Graph, GraphNode } from './graph.ts';
import { consumersByName, moveReferences, renameReferences, replaceNodes, withNodes } from './graph-edits.ts';
import type { InferredShapes } from './infer-shapes.ts';
import { inferShapes } from './infer-shapes.ts';
import { inputShape } from './input-node.ts';
import { constTensor, dataInputs, intsAttr, stringAttr } from './node-attrs.ts';
import { attrOf } from './node-builder.ts';
import { nodesByName } from './topological-order.ts';
import { isKnown } from './values/known-value.ts';

const convolutionOps = new Set(['Conv2D', 'DepthwiseConv2dNative']);
const pointwiseOps = new Set(['BiasAdd', 'Relu', 'Relu6', 'LeakyRelu', 'Elu', 'Tanh', 'Sigmoid']);

type Padding = 'SAME' | 'VALID';

interface Group {
  readonly spaceToBatch: GraphNode;
  readonly convolution: GraphNode;
  /** The last node before BatchToSpaceND: the convolution or a pointwise op behind it. */
  readonly last: GraphNode;
  readonly batchToSpace: GraphNode;
  readonly block: readonly [number, number];
}

/** What the probes say about a group. */
interface Evidence {
  padding: Set<Padding>;
  readonly rows: Set<number>;
  readonly columns: Set<number>;
}

function blockOf(node: GraphNode, byName: ReadonlyMap<string, GraphNode>): [number, number] | undefined {
  const tensor = constTensor(byName.get(node.inputs[1] ?? ''));
  const [height, width] = [Number(tensor?.data[0]), Number(tensor?.data[1])];
  return tensor?.data.length === 2 && height >= 1 && width >= 1 ? [height, width] : undefined;
}

function allOnes(list: readonly number[]): boolean {
  return list.every((entry) => entry === 1);
}

/** Finds the group that ends in a BatchToSpaceND, where nothing else looks inside it. */
function findGroup(
  batchToSpace: GraphNode,
  byName: ReadonlyMap<string, GraphNode>,
  consumers: ReadonlyMap<string, readonly GraphNode[]>,
  kept: ReadonlySet<string>,
): Group | undefined {
  const inner = (name: string | undefined): GraphNode | undefined => {
    const node = byName.get(name ?? '');
    return node !== undefined && !kept.has(node.name) && consumers.get(node.name)?.length === 1
      ? node
      : undefined;
  };
  const last = inner(batchToSpace.inputs[0]);
  let convolution = last;
  while (convolution !== undefined && pointwiseOps.has(convolution.op))
    convolution = inner(convolution.inputs[0]);
  if (last === undefined || convolution === undefined || !convolutionOps.has(convolution.op))
    return undefined;
  const plain =
    stringAttr(convolution, 'data_format', 'NHWC') === 'NHWC' &&
    stringAttr(convolution, 'padding', '') === 'VALID' &&
    allOnes(intsAttr(convolution, 'strides')) &&
    allOnes(intsAttr(convolution, 'dilations'));
  const spaceToBatch = byName.get(convolution.inputs[0]!);
  if (!plain || spaceToBatch?.op !== 'SpaceToBatchND') return undefined;
  const block = blockOf(spaceToBatch, byName);
  const back = blockOf(batchToSpace, byName);
  if (block === undefined || back === undefined || block[0] !== back[0] || block[1] !== back[1])
    return undefined;
  return { spaceToBatch, convolution, last, batchToSpace, block };
}

/** The paddings by which a dilated convolution does the same as the group for these sizes. */
function paddingsThatFit(group: Group, inferred: InferredShapes): Padding[] {
  const filter = inferred.shapeOf(group.convolution.inputs[1]!);
  const paddings = inferred.valueOf(group.spaceToBatch.inputs[2]!);
  const crops = inferred.valueOf(group.batchToSpace.inputs[2]!);
  if (filter === null || !isKnown(paddings) || !isKnown(crops)) return [];
  // Cropping rows of the output is the same as padding less before it.
  const edges = Array.from(paddings.data, (padding, index) => padding - crops.data[index]!);
  const fits = (rule: (total: number) => readonly [number, number]): boolean =>
    ([0, 1] as const).every((axis) => {
      const [before, after] = rule((filter[axis]! - 1) * group.block[axis]);
      return edges[2 * axis] === before && edges[2 * axis + 1] === after;
    });
  const found: Padding[] = [];
  if (fits(() => [0, 0])) found.push('VALID');
  if (fits((total) => [Math.floor(total / 2), total - Math.floor(total / 2)])) found.push('SAME');
  return found;
}

/** Sizes to try: from a size that most networks take, and small ones, where paddings are largest. */
function* probeSizes(largestBlock: number): Generator<readonly [number, number]> {
  const cycle = Math.min(4 * largestBlock, 64);
  for (let index = 0; index < 8 * cycle; index++) {
    yield [64 + index, 64 + ((index * 5 + 3) % cycle) + Math.floor(index / cycle)];
  }
  for (const small of [1, 2, 3, 5, 7, 11]) yield [small, 12 - small];
}

/**
 * Adds one probe to the evidence.
 *
 * @returns false where the network does not take this size.
 */
function probe(
  graph: Graph,
  input: string,
  dims: readonly number[],
  found: ReadonlyMap<Group, Evidence>,
): boolean {
  let inferred: InferredShapes;
  try {
    inferred = inferShapes(graph, { [input]: dims });
  } catch (error) {
    if (error instanceof DnnError) return false;
    throw error;
  }
  for (const [group, evidence] of found) {
    const shape = inferred.shapeOf(group.spaceToBatch.inputs[0]!);
    const fitting = shape?.length === 4 ? paddingsThatFit(group, inferred) : [];
    evidence.padding = new Set(fitting.filter((padding) => evidence.padding.has(padding)));
    evidence.rows.add((shape?.[1] ?? -1) % group.block[0]);
    evidence.columns.add((shape?.[2] ?? -1) % group.block[1]);
  }
  return true;
}

/** The padding of each group that can be folded. */
function provePaddings(graph: Graph, input: string, groups: readonly Group[]): Map<Group, Padding> {
  const own = inputShape(graph, input) ?? [1, -1, -1, -1];
  const found = new Map<Group, Evidence>(
    groups.map((group) => [
      group,
      { padding: new Set(['SAME', 'VALID']), rows: new Set(), columns: new Set() },
    ]),
  );
  const fixed = own.length !== 4 || (own[1]! >= 0 && own[2]! >= 0);
  const covered = (group: Group, evidence: Evidence): boolean =>
    fixed ||
    ((own[1]! >= 0 || evidence.rows.size === group.block[0]) &&
      (own[2]! >= 0 || evidence.columns.size === group.block[1]));
  const largest = groups.reduce((most, { block }) => Math.max(most, ...block), 0);
  let probes = 0;
  if (fixed) {
    probes += Number(probe(graph, input, own.with(0, own[0]! < 0 ? 1 : own[0]!), found));
  } else {
    for (const [height, width] of probeSizes(largest)) {
      const enough =
        probes >= 2 * largest && [...found].every(([group, evidence]) => covered(group, evidence));
      // The small sizes come last and are always tried.
      if (enough && height >= 64) continue;
      const dims = [1, own[1]! < 0 ? height : own[1]!, own[2]! < 0 ? width : own[2]!, own[3]!];
      probes += Number(probe(graph, input, dims, found));
    }
  }
  const proven = [...found].filter(([group, evidence]) => probes > 0 && covered(group, evidence));
  return new Map(
    proven.flatMap(([group, { padding }]) => {
      const choice: Padding | undefined = padding.has('VALID')
        ? 'VALID'
        : padding.has('SAME')
          ? 'SAME'
          : undefined;
      return choice === undefined ? [] : [[group, choice] as const];
    }),
  );
}

/**
 * Folds the groups into dilated convolutions. Paddings and crops may be computed from the input's size: they
 * are evaluated for sizes of every residue modulo the block, and a group is folded only where all of them
 * agree with SAME or all with VALID.
 *
 * @param kept names of the graph's inputs and outputs.
 * @returns the graph and the number of groups that were folded.
 */
export function foldSpaceToBatch(
  graph: Graph,
  input: string,
  kept: ReadonlySet<string>,
): { readonly graph: Graph; readonly folded: number } {
  const byName = nodesByName(graph);
  const consumers = consumersByName(graph);
  const groups = graph.nodes
    .filter((node) => node.op === 'BatchToSpaceND' && dataInputs(node).length === 3)
    .map((node) => findGroup(node, byName, consumers, kept))
    .filter((group) => group !== undefined);
  if (groups.length === 0) return { graph, folded: 0 };
  const paddings = provePaddings(graph, input, groups);
  const replacements = new Map<string, GraphNode | null>();
  const moves = new Map<string, string>();
  const names = new Map<string, string>();
  for (const [{ spaceToBatch, convolution, last, batchToSpace, block }, padding] of paddings) {
    replacements.set(convolution.name, {
      ...convolution,
      inputs: [spaceToBatch.inputs[0]!, ...convolution.inputs.slice(1)],
      attrs: {
        ...convolution.attrs,
        padding: attrOf(padding),
        dilations: attrOf([1, ...block, 1]),
        strides: attrOf([1, 1, 1, 1]),
      },
    });
    replacements.set(batchToSpace.name, null);
    if (kept.has(batchToSpace.name)) names.set(last.name, batchToSpace.name);
    else moves.set(batchToSpace.name, last.name);
  }
  const folded = replaceNodes(graph, replacements);
  const nodes = renameReferences(moveReferences(folded.nodes, moves), names);
  return { graph: withNodes(graph, nodes), folded: paddings.size };
}
