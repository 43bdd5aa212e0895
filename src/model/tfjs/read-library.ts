/** A FunctionDefLibrary in protobuf's JSON form to the functions of a Graph. */
import type { FunctionArgument, GraphFunction, Tensor } from '../../graph/graph.ts';
import type { AllocationBudget } from '../allocation-budget.ts';
import { dataTypeFromNumber, dataTypeFromProtoName } from '../data-type.ts';
import type { JsonValue } from './json-value.ts';
import { readNode } from './read-node.ts';

/**
 * Reads the library; empty where there is none. Constants inside functions have their values in the same
 * weights as those of the graph: the converter makes their names unique.
 *
 * @throws DnnError `EINVAL` naming the place in the file.
 */
export function readLibrary(
  json: JsonValue,
  weights: ReadonlyMap<string, Tensor>,
  budget: AllocationBudget,
): GraphFunction[] {
  if (json.missing) return [];
  return json
    .at('function')
    .items()
    .map((entry) => {
      const signature = entry.at('signature');
      const nodes = entry.either('nodeDef', 'node_def').items();
      const returned = entry.at('ret');
      const returns = (returned.missing ? [] : returned.keys()).map(
        (key) => [key, returned.at(key).name()] as const,
      );
      return {
        name: signature.at('name').name(),
        inputs: signature.either('inputArg', 'input_arg').items().map(readArgument),
        outputs: signature.either('outputArg', 'output_arg').items().map(readArgument),
        nodes: nodes.map((node) => readNode(node, weights, budget)),
        returns: Object.fromEntries(returns),
      };
    });
}

function readArgument(json: JsonValue): FunctionArgument {
  const type = json.at('type');
  const known =
    typeof type.value === 'string'
      ? dataTypeFromProtoName(type.value)
      : type.missing
        ? undefined
        : dataTypeFromNumber(type.number());
  return { name: json.at('name').name(), type: known };
}
