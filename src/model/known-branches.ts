/** Branches of TensorFlow 1 that the file itself decides, such as those of a learning phase that is off. */
import type { Graph, GraphNode } from '../graph/graph.ts';
import { moveReferences, replaceNodes } from '../graph/graph-edits.ts';
import { constTensor } from '../graph/node-attrs.ts';
import { opNode } from '../graph/node-builder.ts';
import { parseReference } from '../graph/node-reference.ts';
import { nodesByName } from '../graph/topological-order.ts';

/** Where one of these is, branches belong to a loop, whose predicates change. */
const loopOps = new Set(['Enter', 'RefEnter', 'NextIteration', 'LoopCond', 'Exit']);

/** Which tensors are never computed: tensorflow/core/common_runtime/executor.cc calls them dead. */
class Liveness {
  readonly #byName: ReadonlyMap<string, GraphNode>;
  readonly #dead = new Map<string, boolean>();

  constructor(byName: ReadonlyMap<string, GraphNode>) {
    this.#byName = byName;
  }

  /** The value of a boolean that is a constant, or a default that nobody overrides; undefined otherwise. */
  known(reference: string): boolean | undefined {
    const node = this.#byName.get(parseReference(reference).name);
    if (node === undefined) return undefined;
    if (node.op === 'Identity' || node.op === 'PlaceholderWithDefault') return this.known(node.inputs[0]!);
    const value = constTensor(node);
    return value?.dtype === 'bool' && value.data.length === 1 ? Boolean(value.data[0]) : undefined;
  }

  isDead(reference: string): boolean {
    const { name, output, control } = parseReference(reference);
    const node = this.#byName.get(name);
    if (node === undefined) return false;
    if (this.#isNodeDead(node)) return true;
    if (node.op !== 'Switch' || control) return false;
    const taken = this.known(node.inputs[1]!);
    return taken !== undefined && Number(taken) !== output;
  }

  #isNodeDead(node: GraphNode): boolean {
    const found = this.#dead.get(node.name);
    if (found !== undefined) return found;
    // In a damaged graph a node may be above itself.
    this.#dead.set(node.name, false);
    const inputs = node.inputs.map((input) => this.isDead(input));
    const isDead = node.op === 'Merge' ? inputs.length > 0 && inputs.every(Boolean) : inputs.some(Boolean);
    this.#dead.set(node.name, isDead);
    return isDead;
  }
}

/**
 * Takes the branches whose predicate the file tells, and the defaults of inputs that are not fed.
 *
 * @param input name of the node that is fed.
 * @returns a graph in which no such Switch, Merge or default is left; the same one where there is none.
 */
export function takeKnownBranches(graph: Graph, input: string): Graph {
  if (graph.nodes.some(({ op }) => loopOps.has(op))) return graph;
  const liveness = new Liveness(nodesByName(graph));
  const replaced = new Map<string, GraphNode>();
  const moves = new Map<string, string>();
  for (const node of graph.nodes) {
    const from = node.name === input ? undefined : sourceOf(node, liveness);
    if (from === undefined) continue;
    replaced.set(node.name, opNode(node.name, 'Identity', [from], typeOf(node)));
    if (node.op === 'Switch') moves.set(`${node.name}:1`, node.name);
  }
  if (replaced.size === 0) return graph;
  const taken = replaceNodes(graph, replaced);
  return { ...taken, nodes: moveReferences(taken.nodes, moves) };
}

/** The reference that a node hands on; undefined where it does more, or that is not known. */
function sourceOf({ op, inputs }: GraphNode, liveness: Liveness): string | undefined {
  if (op === 'PlaceholderWithDefault') return inputs[0];
  if (op === 'Switch') return liveness.known(inputs[1]!) === undefined ? undefined : inputs[0];
  if (op !== 'Merge') return undefined;
  const alive = inputs.filter((reference) => !liveness.isDead(reference));
  return alive.length === 1 && inputs.length > 1 ? alive[0] : undefined;
}

function typeOf({ attrs }: GraphNode): GraphNode['attrs'] {
  const type = attrs['T'] ?? attrs['dtype'];
  return type === undefined ? {} : { T: type };
}
