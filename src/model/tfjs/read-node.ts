/** A NodeDef in protobuf's JSON form (tfjs-converter's compiled_api.ts) to a node of a Graph. */
import type { AttrValue, GraphNode, Tensor } from '../../graph/graph.ts';
import { constNode } from '../../graph/node-builder.ts';
import type { AllocationBudget } from '../allocation-budget.ts';
import { jsonAttrValue } from './json-attr-value.ts';
import type { JsonValue } from './json-value.ts';

/**
 * Reads a node; its inputs are as the file has them. The value of a Const comes from the weights.
 *
 * @throws DnnError `EINVAL` naming the place in the file.
 */
export function readNode(
  json: JsonValue,
  weights: ReadonlyMap<string, Tensor>,
  budget: AllocationBudget,
): GraphNode {
  const name = json.at('name').name();
  const op = json.at('op').name();
  if (name === '' || op === '') throw json.error('has no name or no op');
  const inputs = json
    .at('input')
    .items()
    .map((input) => input.name());
  if (op === 'Const') {
    const weight = weights.get(name);
    if (weight !== undefined) return { ...constNode(name, weight), inputs };
  }
  const attrs = new Map<string, AttrValue>();
  const entries = json.at('attr');
  for (const key of entries.missing ? [] : entries.keys()) {
    const value = jsonAttrValue(entries.at(key), budget);
    if (value !== undefined) attrs.set(key, value);
  }
  if (op === 'Const' && !attrs.has('value')) {
    throw json.error(`is the constant '${name}', which the weights manifest does not have`);
  }
  return { name, op, inputs, attrs: Object.fromEntries(attrs) };
}
