/** What every reader checks about the functions of a Graph. */
import { DnnError } from '../base/errors.ts';
import { calledFunctions, functionReferenceName } from '../graph/function-library.ts';
import type { Graph, GraphFunction, GraphNode } from '../graph/graph.ts';

/** Ops that run functions; other nodes may name one without running it (a gradient function). */
const callingOps = new Set(['If', 'StatelessIf', 'While', 'StatelessWhile']);

/**
 * @throws DnnError `EINVAL` for two functions of one name, a reference to nothing, a call
 * of a function that is not there.
 */
export function checkLibrary({ nodes, library = [] }: Graph, file: string): void {
  const names = new Set<string>();
  for (const { name } of library) {
    if (names.has(name)) throw libraryError(file, name, 'is in the library twice; names must be unique');
    names.add(name);
  }
  for (const entry of library) checkFunction(entry, file);
  for (const node of [...nodes, ...library.flatMap((entry) => entry.nodes)]) checkCalls(node, names, file);
}

function checkFunction({ name, inputs, outputs, nodes, returns }: GraphFunction, file: string): void {
  const known = new Set(inputs.map((argument) => argument.name));
  for (const node of nodes) {
    if (known.has(node.name))
      throw libraryError(file, name, `has two nodes or arguments named '${node.name}'`);
    known.add(node.name);
  }
  const check = (reference: string | undefined, where: string): void => {
    if (reference !== undefined && known.has(functionReferenceName(reference))) return;
    throw libraryError(file, name, `takes '${reference ?? ''}' for ${where}, which it does not have`);
  };
  for (const node of nodes) for (const input of node.inputs) check(input, `its node '${node.name}'`);
  for (const output of outputs)
    check(
      Object.hasOwn(returns, output.name) ? returns[output.name] : undefined,
      `its output '${output.name}'`,
    );
}

function checkCalls(node: GraphNode, names: ReadonlySet<string>, file: string): void {
  if (!callingOps.has(node.op)) return;
  const missing = calledFunctions(node).find((name) => !names.has(name));
  if (missing === undefined) return;
  throw libraryError(
    file,
    missing,
    `is called by node '${node.name}' (${node.op}), but the file does not have it`,
    {
      layer: node.name,
      op: node.op,
    },
  );
}

function libraryError(file: string, name: string, what: string, details = {}): DnnError {
  return new DnnError(
    'EINVAL',
    `model '${file}': the function '${name}' ${what}; the file is damaged, or it was cut: export it again`,
    { option: 'model', file, function: name, ...details },
  );
}
