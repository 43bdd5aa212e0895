/** What every reader checks before it hands out a Graph. */
import { DnnError } from '../base/errors.ts';
import type { Graph } from '../graph/graph.ts';
import { topologicalOrder } from '../graph/topological-order.ts';
import { checkLibrary } from './check-library.ts';

/** Ops whose value lives in a checkpoint beside the graph. */
const variableOps = new Set([
  'Variable',
  'VariableV2',
  'VarHandleOp',
  'ReadVariableOp',
  'VarIsInitializedOp',
]);

/**
 * Checks that the nodes form a graph and that all its weights are in it.
 *
 * @param file name of the file, for messages.
 * @throws DnnError `EINVAL` for no node at all, duplicate names, inputs or functions that do not exist, cycles, variables.
 */
export function checkGraph(graph: Graph, file: string): void {
  if (graph.nodes.length === 0) {
    throw new DnnError('EINVAL', `model '${file}': the graph has no nodes; give a frozen TensorFlow graph`, {
      option: 'model',
      file,
    });
  }
  try {
    topologicalOrder(graph);
  } catch (error) {
    if (!(error instanceof DnnError)) throw error;
    throw new DnnError(
      error.code,
      `model '${file}': ${error.message}`,
      { ...error.details, file },
      { cause: error },
    );
  }
  checkLibrary(graph, file);
  const all = [...graph.nodes, ...(graph.library ?? []).flatMap((entry) => entry.nodes)];
  const variable = all.find((node) => variableOps.has(node.op));
  if (variable !== undefined) {
    throw new DnnError(
      'EINVAL',
      `model '${file}': node '${variable.name}' is a variable (${variable.op}), so the weights are not in this file; ` +
        'freeze the graph first (freeze_graph, or convert_variables_to_constants_v2)',
      { option: 'model', file, layer: variable.name, op: variable.op },
    );
  }
}
