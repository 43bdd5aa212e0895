/** Refuses networks whose weights are in a checkpoint beside the graph. */
import { DnnError } from '../base/errors.ts';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { consumersByName } from '../graph/graph-edits.ts';
import { parseReference } from '../graph/node-reference.ts';
import { nodesByName } from '../graph/topological-order.ts';

/** Ops whose value lives in a checkpoint. */
const variableOps = new Set([
  'Variable',
  'VariableV2',
  'VarHandleOp',
  'ReadVariableOp',
  'VarIsInitializedOp',
]);

/** Ops that end the parts of a training graph which no frame needs: saving, restoring, initialising. */
const trainingOps =
  /^(Save|SaveV2|MergeV2Checkpoints|Restore|RestoreV2|Assign|Assign[A-Z]\w*|NoOp|Resource\w*|Apply\w*)$/;

const mostNames = 6;

/** The variables that a node's value depends on. */
function variablesAbove(name: string, byName: ReadonlyMap<string, GraphNode>): GraphNode[] {
  const seen = new Set<string>();
  const found: GraphNode[] = [];
  const pending = [name];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const node = byName.get(next);
    if (node === undefined || seen.has(next)) continue;
    seen.add(next);
    if (variableOps.has(node.op)) found.push(node);
    for (const input of node.inputs) {
      const reference = parseReference(input);
      if (!reference.control) pending.push(reference.name);
    }
  }
  return found;
}

function unfrozen(variables: readonly GraphNode[], file: string): DnnError {
  // A variable of TensorFlow 2 is a handle and what reads it: the handle has the name that the user knows.
  const handles = variables.filter(({ op }) => op !== 'ReadVariableOp');
  const list = handles.length > 0 ? handles : variables;
  const names = list.slice(0, mostNames).map(({ name, op }) => `'${name}' (${op})`);
  const more = list.length > mostNames ? ` and ${list.length - mostNames} more` : '';
  const [one, s] = list.length > 1 ? ['are variables', 's'] : ['is a variable', ''];
  return new DnnError(
    'EINVAL',
    `model '${file}': the node${s} ${names.join(', ')}${more} ${one}, so the weights are not in this file; freeze the ` +
      'graph first (freeze_graph for TensorFlow 1, convert_variables_to_constants_v2 for TensorFlow 2)',
    { option: 'model', file, layer: list[0]!.name, op: list[0]!.op },
  );
}

/**
 * Checks that outputs can be computed from the file alone.
 *
 * @param outputs names of nodes. Where left out, the graph is refused if there is no result but those that
 *   need variables: leftovers of training do no harm.
 * @throws DnnError `EINVAL` naming the variables.
 */
export function checkVariables(graph: Graph, file: string, outputs?: readonly string[]): void {
  const inFunctions = (graph.library ?? [])
    .flatMap(({ nodes }) => nodes)
    .filter(({ op }) => variableOps.has(op));
  if (inFunctions.length > 0) throw unfrozen(inFunctions, file);
  if (!graph.nodes.some((node) => variableOps.has(node.op))) return;
  const byName = nodesByName(graph);
  if (outputs !== undefined) {
    const needed = new Set(outputs.flatMap((name) => variablesAbove(name, byName)));
    if (needed.size > 0) throw unfrozen([...needed], file);
    return;
  }
  const consumers = consumersByName(graph);
  const results = graph.nodes.filter(
    ({ name, op }) =>
      !consumers.has(name) && op !== 'Const' && !trainingOps.test(op) && !op.startsWith('Placeholder'),
  );
  const needed = results.map(({ name }) => variablesAbove(name, byName));
  if (needed.every((variables) => variables.length > 0)) {
    const all = needed.flat();
    throw unfrozen(
      all.length > 0 ? [...new Set(all)] : graph.nodes.filter(({ op }) => variableOps.has(op)),
      file,
    );
  }
}
