/** The functions of a Graph as the FunctionDefLibrary in JSON that tfjs-converter reads. */
import { functionReferenceName } from '../../graph/function-library.ts';
import type { FunctionArgument, GraphFunction, GraphNode } from '../../graph/graph.ts';
import { opNode } from '../../graph/node-builder.ts';
import { jsonNode, protoTypes } from './json-node.ts';

/**
 * A function as tfjs-converter can run it. It has one store of weights for the graph and all
 * functions, so each constant's name gets the function's in front. And it keeps one output index for
 * each node that is returned (OperationMapper.mapFunction), so a node that is returned more than
 * once is returned through an Identity.
 */
export function runnableFunction({ name, nodes, returns, ...signature }: GraphFunction): GraphFunction {
  const constants = new Set(nodes.filter(({ op }) => op === 'Const').map((node) => node.name));
  const renamed = (reference: string): string => {
    if (!constants.has(functionReferenceName(reference))) return reference;
    return reference.startsWith('^') ? `^${name}/${reference.slice(1)}` : `${name}/${reference}`;
  };
  const body = nodes.map((node) => ({
    ...node,
    name: renamed(node.name),
    inputs: node.inputs.map(renamed),
  }));
  const copies: GraphNode[] = [];
  const seen = new Set<string>();
  const returned = Object.entries(returns).map(([output, reference]): [string, string] => {
    const producer = functionReferenceName(reference);
    const isFirst = !seen.has(producer);
    seen.add(producer);
    if (isFirst) return [output, renamed(reference)];
    const copy = `${name}/return/${output}`;
    copies.push(opNode(copy, 'Identity', [renamed(reference)]));
    return [output, `${copy}:output:0`];
  });
  return { name, ...signature, nodes: [...body, ...copies], returns: Object.fromEntries(returned) };
}

/** A FunctionDef. */
export function jsonFunction({
  name,
  inputs,
  outputs,
  nodes,
  returns,
}: GraphFunction): Record<string, unknown> {
  return {
    signature: { name, inputArg: inputs.map(jsonArgument), outputArg: outputs.map(jsonArgument) },
    nodeDef: nodes.map(jsonNode),
    ret: returns,
  };
}

function jsonArgument({ name, type }: FunctionArgument): Record<string, unknown> {
  return { name, type: type === undefined ? 'DT_VARIANT' : protoTypes[type] };
}
