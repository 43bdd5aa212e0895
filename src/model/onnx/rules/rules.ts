/** The rules of all operators, by domain and name. */
import type { OnnxRule } from '../onnx-translation.ts';
import { activationRules } from './activations.ts';
import { arrangementRules } from './arrangement.ts';
import { arithmeticRules } from './arithmetic.ts';
import { constantRules } from './made-tensors.ts';
import { convolutionRules } from './convolutions.ts';
import { indexingRules } from './indexing.ts';
import { matrixRules } from './matrices.ts';
import { microsoftRules } from './microsoft.ts';
import { normalisationRules } from './normalisations.ts';
import { paddingRules } from './padding.ts';
import { poolingRules } from './pooling.ts';
import { quantisationRules } from './quantisation.ts';
import { reductionRules } from './reductions.ts';
import { resizeRules } from './resizing.ts';
import { slicingRules } from './slicing.ts';

const rules: Readonly<Record<string, ReadonlyMap<string, OnnxRule>>> = {
  '': new Map(
    Object.entries({
      ...activationRules,
      ...arithmeticRules,
      ...arrangementRules,
      ...constantRules,
      ...convolutionRules,
      ...indexingRules,
      ...matrixRules,
      ...normalisationRules,
      ...paddingRules,
      ...poolingRules,
      ...quantisationRules,
      ...reductionRules,
      ...resizeRules,
      ...slicingRules,
    }),
  ),
  'com.microsoft': new Map(Object.entries(microsoftRules)),
};

/** Names of the operators that are read, by domain; ONNX's own under the empty name. */
export const operatorNames: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(rules).map(([domain, entries]) => [domain, [...entries.keys()].toSorted()]),
);

/** The rule of an operator; undefined for one that is not known. @param domain empty for ONNX's own. */
export function ruleOf(domain: string, op: string): OnnxRule | undefined {
  return Object.hasOwn(rules, domain) ? rules[domain]!.get(op) : undefined;
}
