/** Activations that stand in the options of an operator (enum ActivationFunctionType of schema.fbs). */
import type { TfliteTranslation } from '../tflite-translation.ts';

const bounded = (node: TfliteTranslation, value: string, low: number, high: number): string =>
  node.add('ClipByValue', [value, node.addFloat(low), node.addFloat(high)]);

const activations: readonly ((node: TfliteTranslation, value: string) => string)[] = [
  (_, value) => value,
  (node, value) => node.add('Relu', [value]),
  (node, value) => bounded(node, value, -1, 1),
  (node, value) => node.add('Relu6', [value]),
  (node, value) => node.add('Tanh', [value]),
];

/** @param field where the options have the activation. */
export function activated(node: TfliteTranslation, value: string, field: number): string {
  const activation = node.options?.int8(field) ?? 0;
  const apply = activations[activation];
  if (apply === undefined) throw node.unsupported(`with the activation ${activation}`);
  return apply(node, value);
}

/** Values held between two bounds. */
export const clipped = bounded;
