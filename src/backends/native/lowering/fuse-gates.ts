/**
 * Recognises activations that models write as products: Silu, HardSwish, Gelu and Mish, each of which
 * becomes one op of this name that no file has.
 */
import type { Graph, GraphNode } from '../../../graph/graph.ts';
import { replaceNodes } from '../../../graph/graph-edits.ts';
import { constTensor, dataInputs } from '../../../graph/node-attrs.ts';
import { floatNode } from '../../../graph/node-builder.ts';
import { nodesByName } from '../../../graph/topological-order.ts';

/** A product of tensors and a number. */
interface Product {
  readonly factors: readonly string[];
  readonly scale: number;
}

/** `scale * source + offset` */
interface Affine {
  readonly source: string;
  readonly scale: number;
  readonly offset: number;
}

/** Values that are meant to be the same, however they were rounded on the way. */
function near(value: number | undefined, expected: number): boolean {
  return value !== undefined && Math.abs(value - expected) <= 1e-5 * Math.abs(expected);
}

class GateFinder {
  readonly #byName: ReadonlyMap<string, GraphNode>;

  constructor(graph: Graph) {
    this.#byName = nodesByName(graph);
  }

  /** The activation that a product is, of which tensor. */
  gateOf(node: GraphNode): { readonly op: string; readonly source: string } | undefined {
    const { factors, scale } = this.#product(node.name);
    if (factors.length !== 2) return undefined;
    for (const [source, gate] of [factors, factors.toReversed()] as [string, string][]) {
      const op = this.#opOf(source, gate, scale);
      if (op !== undefined) return { op, source };
    }
    return undefined;
  }

  #opOf(source: string, gate: string, scale: number): string | undefined {
    if (near(scale, 1)) {
      if (this.#is(gate, 'Sigmoid', source)) return 'Silu';
      const inner = this.#inputOf(gate, 'Tanh');
      if (inner !== undefined && this.#is(inner, 'Softplus', source)) return 'Mish';
    }
    const half = this.#affine(gate);
    const erf = this.#inputOf(half.source, 'Erf');
    if (erf !== undefined && near(scale * half.scale, 0.5) && near(scale * half.offset, 0.5)) {
      const inner = this.#affine(erf);
      if (inner.source === source && inner.offset === 0 && near(inner.scale, Math.SQRT1_2)) return 'Gelu';
    }
    const clipped = this.#clip(gate);
    if (clipped === undefined || clipped.low !== 0 || clipped.of.source !== source) return undefined;
    const { scale: slope, offset } = clipped.of;
    const isWhole = near(scale * slope, 1 / 6) && near(scale * offset, 0.5) && near(scale * clipped.high, 1);
    return isWhole ? 'HardSwish' : undefined;
  }

  /** The factors of a tensor, through products and quotients of numbers. */
  #product(reference: string): Product {
    const node = this.#byName.get(reference);
    const [one, other] = node === undefined ? [] : dataInputs(node);
    if (one === undefined || other === undefined) return { factors: [reference], scale: 1 };
    if (node?.op === 'Mul') {
      const sides = [one, other].map((side): Product => {
        const number = this.#number(side);
        return number === undefined ? this.#product(side) : { factors: [], scale: number };
      });
      const factors = sides.flatMap((side) => side.factors);
      return factors.length > 2
        ? { factors: [reference], scale: 1 }
        : { factors, scale: sides[0]!.scale * sides[1]!.scale };
    }
    const divisor = node?.op === 'RealDiv' || node?.op === 'Div' ? this.#number(other) : undefined;
    if (divisor === undefined) return { factors: [reference], scale: 1 };
    const { factors, scale } = this.#product(one);
    return { factors, scale: scale / divisor };
  }

  #affine(reference: string): Affine {
    const node = this.#byName.get(reference);
    const plain = { source: reference, scale: 1, offset: 0 };
    const [one, other] = node === undefined ? [] : dataInputs(node);
    if (node === undefined || one === undefined || other === undefined) return plain;
    const right = this.#number(other);
    const left = this.#number(one);
    const number = right ?? (node.op === 'Mul' || node.op.startsWith('Add') ? left : undefined);
    if (number === undefined) return plain;
    const { source, scale, offset } = this.#affine(right === undefined ? other : one);
    if (node.op === 'Mul') return { source, scale: scale * number, offset: offset * number };
    if (node.op === 'RealDiv' || node.op === 'Div')
      return { source, scale: scale / number, offset: offset / number };
    if (node.op === 'Sub') return { source, scale, offset: offset - number };
    return node.op === 'Add' || node.op === 'AddV2' ? { source, scale, offset: offset + number } : plain;
  }

  #clip(reference: string): { readonly low: number; readonly high: number; readonly of: Affine } | undefined {
    const node = this.#byName.get(reference);
    if (node?.op === 'Relu6') return { low: 0, high: 6, of: this.#affine(node.inputs[0]!) };
    if (node?.op !== 'ClipByValue') return undefined;
    const [source, low, high] = dataInputs(node);
    const bounds = [this.#number(low!), this.#number(high!)];
    if (bounds[0] === undefined || bounds[1] === undefined) return undefined;
    return { low: bounds[0], high: bounds[1], of: this.#affine(source!) };
  }

  #inputOf(reference: string, op: string): string | undefined {
    const node = this.#byName.get(reference);
    return node?.op === op ? node.inputs[0] : undefined;
  }

  #is(reference: string, op: string, source: string): boolean {
    return this.#inputOf(reference, op) === source;
  }

  /** The value of a constant of one float. */
  #number(reference: string): number | undefined {
    const tensor = constTensor(this.#byName.get(reference));
    return tensor?.dtype === 'float32' && tensor.data.length === 1 ? Number(tensor.data[0]) : undefined;
  }
}

/** @param ops those that there are layers for: only these are made. */
export function fuseGates(graph: Graph, ops: ReadonlySet<string>): Graph {
  const finder = new GateFinder(graph);
  const replacements = new Map<string, GraphNode>();
  for (const node of graph.nodes) {
    if (!['Mul', 'RealDiv', 'Div'].includes(node.op)) continue;
    const gate = finder.gateOf(node);
    if (gate === undefined || !ops.has(gate.op)) continue;
    replacements.set(node.name, floatNode(node.name, gate.op, [gate.source]));
  }
  return replaceNodes(graph, replacements);
}
