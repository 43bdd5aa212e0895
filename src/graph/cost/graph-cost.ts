/** What a run of a graph costs for given input sizes: arithmetic, weights and the memory of its tensors. */
import { DnnError } from '../../base/errors.ts';
import type { Graph, GraphNode } from '../graph.ts';
import { inferShapes, type InferredShapes } from '../infer-shapes.ts';
import { cutAtInput, isPlaceholderOp } from '../input-node.ts';
import { constTensor, dataInputs } from '../node-attrs.ts';
import { operationCount } from './operation-count.ts';
import { normaliseReference, parseReference } from '../node-reference.ts';
import { elementCount, isFullyKnown } from '../tensor-storage.ts';
import { topologicalOrder } from '../topological-order.ts';

/** The cost of one run, of all images of the batch together. */
export interface GraphCost {
  /** Bytes of the constants that the outputs need, as the Graph holds them. */
  readonly weightBytes: number;
  /** Multiplications with a sum, of convolutions and matrix products; undefined where sizes are not known. */
  readonly multiplyAdds: number | undefined;
  /**
   * Values computed by all other ops, a bias and an activation inside a fused
   * op included; undefined likewise.
   */
  readonly elementOps: number | undefined;
  /** Most bytes of tensors at one time, weights not included; undefined likewise. */
  readonly peakTensorBytes: number | undefined;
  /**
   * Bytes of the fed inputs and of the outputs, which a caller may hold a second time; undefined likewise.
   */
  readonly ioTensorBytes: number | undefined;
  /** Where sizes are not known: the node that cannot tell its own, as `'name' (Op)`. */
  readonly stoppedAt?: string;
}

/** tfjs holds floats and integers in 4 bytes a value; a bool takes less, which is not counted. */
const bytesPerValue = 4;

/** Ops whose output is another view of their first input's memory. */
const views: ReadonlySet<string> = new Set(
  'Identity Snapshot StopGradient PreventGradient CheckNumerics Reshape Squeeze ExpandDims'.split(' '),
);

/**
 * Adds up a graph without running it.
 *
 * A tensor lives from its producer to its last consumer, in topological order, an output to the end; so
 * does an input, which is the caller's. An op's outputs are made while its inputs live; Reshape and the
 * like make none. That is what tfjs holds in a run. Values that follow from sizes alone (Shape and its
 * consumers) are a few numbers and left out.
 *
 * @param inputSizes sizes that inputs are fed with, by node name, the batch included.
 * @param outputs the tensors that are read, as `name` or `name:1`.
 * @throws DnnError `EINVAL` for an output that the graph does not have, and where the graph contradicts
 *   itself or the sizes (inferShapes).
 */
export function graphCost(
  graph: Graph,
  inputSizes: Readonly<Record<string, readonly number[]>>,
  outputs: readonly string[],
): GraphCost {
  const inputs = Object.keys(inputSizes);
  const cut = inputs.reduce(cutAtInput, graph);
  const order = neededNodes(cut, outputs);
  const weightBytes = order.reduce((sum, node) => sum + constantBytes(node), 0);
  const shapes = inferShapes(cut, inputSizes);
  const tensors = new TensorSizes(order, shapes, outputs);
  const work = order.filter((node) => tensors.isComputed(node));
  const unknown = work.flatMap((node) => tensors.of(node)).find((reference) => tensors.bytes(reference) < 0);
  if (unknown !== undefined) {
    const unsized = { multiplyAdds: undefined, elementOps: undefined, peakTensorBytes: undefined };
    return {
      weightBytes,
      ...unsized,
      ioTensorBytes: undefined,
      stoppedAt: describeStop(order, shapes, unknown),
    };
  }
  let multiplyAdds = 0;
  let elementOps = 0;
  for (const node of work) {
    if (isPlaceholderOp(node.op) || views.has(node.op)) continue;
    const counted = operationCount(node, shapes, tensors.of(node));
    multiplyAdds += counted.multiplyAdds;
    elementOps += counted.elementOps;
  }
  const fed = order.filter((node) => isPlaceholderOp(node.op)).map((node) => node.name);
  const ioTensorBytes = [...fed, ...outputs].reduce((sum, name) => sum + tensors.bytes(name), 0);
  return {
    weightBytes,
    multiplyAdds,
    elementOps,
    peakTensorBytes: peakBytes(work, tensors, outputs),
    ioTensorBytes,
  };
}

/** The nodes that the outputs are computed from, producers first. */
function neededNodes(graph: Graph, outputs: readonly string[]): GraphNode[] {
  const order = topologicalOrder(graph);
  const names = new Set(order.map((node) => node.name));
  const needed = new Set(outputs.map((output) => parseReference(output).name));
  for (const name of needed) {
    if (names.has(name)) continue;
    throw new DnnError('EINVAL', `model graph: no node has the name '${name}', whose value is to be read`, {
      layer: name,
    });
  }
  for (const node of order.toReversed()) {
    if (!needed.has(node.name)) continue;
    for (const input of dataInputs(node)) needed.add(parseReference(input).name);
  }
  return order.filter((node) => needed.has(node.name));
}

function constantBytes(node: GraphNode): number {
  const data = constTensor(node)?.data;
  return data !== undefined && ArrayBuffer.isView(data) ? data.byteLength : 0;
}

/** The tensors that the nodes make, and their sizes. */
class TensorSizes {
  readonly #shapes: InferredShapes;
  /** References that some node or the caller reads. */
  readonly #read: ReadonlySet<string>;
  readonly #outputs: ReadonlyMap<string, readonly string[]>;

  constructor(order: readonly GraphNode[], shapes: InferredShapes, outputs: readonly string[]) {
    this.#shapes = shapes;
    this.#read = new Set([...order.flatMap(dataInputs), ...outputs].map(normaliseReference));
    const byProducer = new Map<string, string[]>(order.map((node) => [node.name, [node.name]]));
    for (const reference of this.#read) {
      const { name, output } = parseReference(reference);
      if (output > 0) byProducer.get(name)?.push(reference);
    }
    this.#outputs = byProducer;
  }

  /** Names of what the node makes: the first output, and of the others those that are read. */
  of(node: GraphNode): readonly string[] {
    return this.#outputs.get(node.name) ?? [];
  }

  /** False for constants and for what is known without the network's data. */
  isComputed(node: GraphNode): boolean {
    return (
      node.op !== 'Const' && this.of(node).some((reference) => this.#shapes.valueOf(reference) === undefined)
    );
  }

  /** 0 for what is known without the network's data, negative where the size is not known. */
  bytes(reference: string): number {
    if (this.#shapes.valueOf(reference) !== undefined) return 0;
    const shape = this.#shapes.shapeOf(reference);
    return isFullyKnown(shape) ? bytesPerValue * elementCount(shape) : -1;
  }
}

function describeStop(order: readonly GraphNode[], shapes: InferredShapes, reference: string): string {
  const { name } = parseReference(reference);
  const node = shapes.whereItStopped(reference) ?? order.find((candidate) => candidate.name === name)!;
  return `'${node.name}' (${node.op})`;
}

/** The most that lives at one time. */
function peakBytes(work: readonly GraphNode[], tensors: TensorSizes, outputs: readonly string[]): number {
  const fed = work.filter((node) => isPlaceholderOp(node.op)).map((node) => node.name);
  const ending = lastSteps(work, [...outputs, ...fed]);
  const sizes = new Map<string, number>();
  for (const name of fed) sizes.set(name, tensors.bytes(name));
  let live = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  let peak = live;
  work.forEach((node, step) => {
    if (!isPlaceholderOp(node.op) && !views.has(node.op)) {
      for (const reference of tensors.of(node)) {
        sizes.set(reference, tensors.bytes(reference));
        live += tensors.bytes(reference);
      }
    }
    peak = Math.max(peak, live);
    // Constants are among the references that end, but not among the sizes.
    for (const reference of ending[step]!) live -= sizes.get(reference) ?? 0;
  });
  return peak;
}

/** For each step, the tensors that nobody needs after it; `kept` are needed to the end. */
function lastSteps(work: readonly GraphNode[], kept: readonly string[]): string[][] {
  const owner = new Map<string, string>();
  const lastStep = new Map<string, number>();
  work.forEach((node, step) => {
    const inputs = dataInputs(node).map(normaliseReference);
    const ownerOf = (reference: string): string => owner.get(reference) ?? reference;
    if (views.has(node.op)) owner.set(node.name, ownerOf(inputs[0]!));
    for (const reference of [...inputs, node.name]) lastStep.set(ownerOf(reference), step);
  });
  for (const reference of kept.map(normaliseReference)) lastStep.delete(owner.get(reference) ?? reference);
  const ending: string[][] = work.map(() => []);
  for (const [reference, step] of lastStep) ending[step]!.push(reference);
  return ending;
}
