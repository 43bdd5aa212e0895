/** The rule of each operator that is read. */
import type { TfliteRule } from '../tflite-translation.ts';
import type { TfliteOperator } from '../schema/tflite-model.ts';
import { arrangementRules } from './arrangement.ts';
import { convolutionRules } from './convolutions.ts';
import { elementwiseRules } from './elementwise.ts';
import { pictureRules } from './pictures.ts';
import { typeRules } from './type-changes.ts';

const rules: ReadonlyMap<string, TfliteRule> = new Map(
  Object.entries({
    ...arrangementRules,
    ...convolutionRules,
    ...elementwiseRules,
    ...pictureRules,
    ...typeRules,
  }),
);

/** Undefined for operators that are not read. Builtin names are in capitals, custom ones are not. */
export function ruleOf({ op, isCustom }: TfliteOperator): TfliteRule | undefined {
  return isCustom === (op === op.toUpperCase()) ? undefined : rules.get(op);
}
