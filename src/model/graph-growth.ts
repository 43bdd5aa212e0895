/** The Graph that a model becomes, while it grows: nodes, and what is known of their outputs. */
import type { DataType, GraphNode, Shape, Tensor } from '../graph/graph.ts';
import { freshName } from '../graph/graph-edits.ts';
import { constTensor, dataInputs, typeAttr } from '../graph/node-attrs.ts';
import { constNode } from '../graph/node-builder.ts';
import { NodeInference } from '../graph/node-inference.ts';
import { parseReference } from '../graph/node-reference.ts';
import { isKnown, tensorOfValue, type KnownValue } from '../graph/values/known-value.ts';

const truths = new Set(
  (
    'Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr LogicalNot IsNan IsInf IsFinite ' +
    'All Any'
  ).split(' '),
);
const wholes = new Set('Shape Size Rank ArgMax ArgMin'.split(' '));

/** Ops whose first input is not what they give the type of: which one is. */
const typeInputs: Readonly<Record<string, number>> = {
  Split: 1,
  SelectV2: 1,
  Fill: 1,
  Conv2DBackpropInput: 2,
};

/** A name as a Graph's references can hold it: no output index behind it, no caret before. */
export function plainName(name: string): string {
  return name.replace(/:(\d+)$/, '_$1').replace(/^\^/, '_');
}

export class GraphGrowth {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #names = new Set<string>();
  readonly #types = new Map<string, DataType>();
  readonly #inference = new NodeInference();

  get nodes(): GraphNode[] {
    return [...this.#nodes.values()];
  }

  /** A name that nothing has yet; from now on it is taken. */
  claim(base: string): string {
    const name = freshName(this.#names, plainName(base));
    this.#names.add(name);
    return name;
  }

  /**
   * Adds a node behind its producers.
   *
   * @param type of its outputs where the op does not tell.
   * @throws DnnError where the node contradicts its inputs.
   */
  add(node: GraphNode, type?: DataType): void {
    this.#nodes.set(node.name, node);
    this.#inference.add(node);
    this.#types.set(node.name, type ?? this.#typeGiven(node));
  }

  /** Gives a node another name, which was claimed; no other node may refer to it yet. */
  rename(from: string, to: string): void {
    const node = this.#nodes.get(from)!;
    this.#nodes.delete(from);
    this.#nodes.set(to, { ...node, name: to });
    this.#types.set(to, this.#types.get(from)!);
    this.#inference.rename(from, to);
  }

  /** Makes a constant of a node whose value is known. */
  fold(name: string): void {
    const node = this.#nodes.get(name)!;
    const value = this.valueOf(name);
    if (node.op !== 'Const' && isKnown(value)) this.#nodes.set(name, constNode(name, tensorOfValue(value)));
  }

  has(name: string): boolean {
    return this.#nodes.has(name);
  }

  shapeOf(reference: string): Shape {
    return this.#inference.shapeOf(reference);
  }

  typeOf(reference: string): DataType {
    return this.#types.get(parseReference(reference).name) ?? 'float32';
  }

  /** What is known of the elements; undefined for large constants too. */
  valueOf(reference: string): KnownValue | undefined {
    return this.#inference.valueOf(reference);
  }

  /** The value where all of it is known, of constants of any size. */
  tensorOf(reference: string): Tensor | undefined {
    const constant = constTensor(this.#nodes.get(reference));
    if (constant !== undefined) return constant;
    const value = this.valueOf(reference);
    return isKnown(value) ? tensorOfValue(value) : undefined;
  }

  #typeGiven(node: GraphNode): DataType {
    if (truths.has(node.op)) return 'bool';
    if (wholes.has(node.op)) return 'int32';
    const named = typeAttr(node, node.op === 'Cast' ? 'DstT' : 'dtype');
    const input = dataInputs(node)[typeInputs[node.op] ?? 0];
    return named ?? (input === undefined ? 'float32' : this.typeOf(input));
  }
}
