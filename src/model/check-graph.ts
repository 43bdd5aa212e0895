/** What every reader checks before it hands out a Graph. */
import { DnnError } from '../base/errors.ts';
import type { Graph } from '../graph/graph.ts';
import { topologicalOrder } from '../graph/topological-order.ts';
import { checkLibrary } from './check-library.ts';
import { checkVariables } from './check-variables.ts';

/**
 * Checks that the nodes form a graph and that all its weights are in it.
 *
 * @param file name of the file, for messages.
 * @throws DnnError `EINVAL` for no node at all, duplicate names, inputs or functions that do not exist,
 *   cycles; where every result needs variables.
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
  checkVariables(graph, file);
}
