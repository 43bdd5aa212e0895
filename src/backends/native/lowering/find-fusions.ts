/** Finds what can be computed in the store of a convolution or matrix product: bias, activation, residual. */
import type { Graph, GraphNode, Shape, Tensor } from '../../../graph/graph.ts';
import { consumersByName } from '../../../graph/graph-edits.ts';
import { dataInputs, stringAttr } from '../../../graph/node-attrs.ts';
import { activationOf, channelVector, fusedEpilogue, plainOp, type ConstantOf } from './fused-ops.ts';
import type { Activation } from './layer-spec.ts';

/** A chain of nodes that becomes one layer. */
export interface Fusion {
  /** The node that does the main work. */
  readonly anchor: GraphNode;
  readonly bias: Float32Array | undefined;
  readonly activation: Activation;
  /** The tensor that is added at the end. */
  readonly residual: string | undefined;
  /** True where the activation stands behind the addition. */
  readonly residualFirst: boolean;
  /** True where the chain is residual - sum: weights and bias change their signs, which is exact. */
  readonly negated: boolean;
}

/** The chains of a graph. */
export interface Fusions {
  /** By the name of a chain's last node. */
  readonly byLast: ReadonlyMap<string, Fusion>;
  /** Names of all other nodes of chains. */
  readonly absorbed: ReadonlySet<string>;
}

/** What a fusion is found with. */
export interface FusionContext {
  readonly graph: Graph;
  readonly outputs: ReadonlySet<string>;
  readonly constantOf: ConstantOf;
  readonly shapeOf: (reference: string) => Shape;
  /** Takes what is fused into a node and unknown, such as `_FusedConv2D with fused Add`. */
  readonly unsupported: (what: string) => void;
}

class FusionFinder {
  readonly #context: FusionContext;
  readonly #consumers: ReadonlyMap<string, readonly GraphNode[]>;
  readonly byLast = new Map<string, Fusion>();
  readonly absorbed = new Set<string>();

  constructor(context: FusionContext) {
    this.#context = context;
    this.#consumers = consumersByName(context.graph);
  }

  find(anchor: GraphNode): void {
    const { constantOf, shapeOf, unsupported } = this.#context;
    const channels = shapeOf(anchor.name)?.at(-1);
    if (channels === undefined || constantOf(dataInputs(anchor)[1]) === undefined) return;
    const fused = fusedEpilogue(anchor, constantOf, channels);
    if (typeof fused === 'string') {
      unsupported(`${anchor.op} with ${fused}`);
      return;
    }
    let { bias, activation } = fused;
    let last = anchor;
    let next = this.#onlyConsumer(last);
    const take = (node: GraphNode): void => {
      this.absorbed.add(last.name);
      last = node;
      next = this.#onlyConsumer(last);
    };
    if (next !== undefined && bias === undefined && activation.kind === 'none') {
      bias = this.#biasOf(next, last.name, channels);
      if (bias !== undefined) take(next);
    }
    if (next !== undefined && activation.kind === 'none' && dataInputs(next)[0] === last.name) {
      activation = activationOf(next, constantOf, channels) ?? activation;
      if (activation.kind !== 'none') take(next);
    }
    // A sum is part of one chain only: that of the convolution that comes first.
    if (next !== undefined && (this.byLast.has(next.name) || this.absorbed.has(next.name))) next = undefined;
    const residual = next === undefined ? undefined : this.#residualOf(next, last, activation);
    const negated = residual !== undefined && next?.op === 'Sub';
    if (next !== undefined && residual !== undefined) take(next);
    let residualFirst = false;
    if (next !== undefined && residual !== undefined && activation.kind === 'none') {
      activation = activationOf(next, constantOf, channels) ?? activation;
      residualFirst = activation.kind !== 'none' && dataInputs(next)[0] === last.name;
      if (residualFirst) take(next);
      else activation = { kind: 'none' };
    }
    this.byLast.set(last.name, { anchor, bias, activation, residual, residualFirst, negated });
  }

  /** The one node that takes this node's output once, where nothing else needs it. */
  #onlyConsumer(node: GraphNode): GraphNode | undefined {
    const list = this.#consumers.get(node.name);
    if (this.#context.outputs.has(node.name) || list?.length !== 1) return undefined;
    const consumer = list[0]!;
    return consumer.inputs.filter((input) => input === node.name).length === 1 ? consumer : undefined;
  }

  #biasOf(node: GraphNode, of: string, channels: number): Float32Array | undefined {
    const [one, other] = dataInputs(node);
    const commutes = node.op === 'Add' || node.op === 'AddV2';
    if (!commutes && !(one === of && ['BiasAdd', 'BiasAddV1', 'Sub'].includes(node.op))) return undefined;
    if (stringAttr(node, 'data_format', 'NHWC') === 'NCHW') return undefined;
    const tensor = this.#context.constantOf(one === of ? other : one);
    // A constant of a higher rank would make the result one of that rank.
    if ((tensor?.shape.length ?? 0) > (this.#context.shapeOf(of)?.length ?? 0)) return undefined;
    const bias = channelVector(tensor, channels);
    return node.op === 'Sub' ? bias?.map((value) => -value) : bias;
  }

  #residualOf(node: GraphNode, last: GraphNode, activation: Activation): string | undefined {
    const [one, other] = dataInputs(node);
    const isSum = node.op === 'Add' || node.op === 'AddV2';
    const isDifference = node.op === 'Sub' && other === last.name && activation.kind === 'none';
    if (!isSum && !isDifference) return undefined;
    const residual = one === last.name ? other : one;
    const { constantOf, shapeOf } = this.#context;
    if (residual === undefined || constantOf(residual) !== undefined) return undefined;
    const [size, own] = [shapeOf(residual), shapeOf(last.name)];
    const same = size?.length === own?.length && own?.every((length, axis) => length === size?.[axis]);
    return same === true ? residual : undefined;
  }
}

/** Where two convolutions meet in one sum, the one that stands first in `order` takes the sum. */
export function findFusions(order: readonly GraphNode[], context: FusionContext): Fusions {
  const finder = new FusionFinder(context);
  for (const node of order) {
    if (plainOp(node.op) !== undefined) finder.find(node);
  }
  return finder;
}

/** The weights of a negated chain. */
export function negatedTensor(tensor: Tensor): Tensor {
  return { ...tensor, data: Float32Array.from(tensor.data as ArrayLike<number>, (value) => -value) };
}
