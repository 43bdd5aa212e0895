/** Which functions of a graph's library are called. */
import type { Graph, GraphFunction, GraphNode } from './graph.ts';

/** The names of the functions that a node calls: `cond` and `body` of a While, the branches of an If. */
export function calledFunctions(node: GraphNode): readonly string[] {
  return Object.values(node.attrs).flatMap((value) => {
    if ('func' in value) return [value.func];
    return 'list' in value ? (value.list.func ?? []) : [];
  });
}

/** The node or argument that a reference inside a function names: `sum` of `sum:z:0` and of `^sum`. */
export function functionReferenceName(reference: string): string {
  return reference.replace(/^\^/, '').replace(/:.*$/s, '');
}

/** The functions that these nodes call, and those that they call in turn, in the order of the library. */
export function neededFunctions(graph: Graph, nodes: readonly GraphNode[]): readonly GraphFunction[] {
  const library = graph.library ?? [];
  const byName = new Map(library.map((entry) => [entry.name, entry]));
  const needed = new Set<string>();
  const pending = nodes.flatMap(calledFunctions);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    for (const called of (byName.get(name)?.nodes ?? []).flatMap(calledFunctions)) pending.push(called);
  }
  return library.filter(({ name }) => needed.has(name));
}
