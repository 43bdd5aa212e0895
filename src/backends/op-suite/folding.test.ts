/** Constant folding computes what the plain reference does, where it computes anything. */
import { expect, it } from 'vitest';
import { constNode } from '../../graph/node-builder.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { isKnown } from '../../graph/values/known-value.ts';
import type { OpCase } from './op-case.test-support.ts';
import { allCases, fedTensor, firstDifference } from './run-case.test-support.ts';
import { runReference } from './run-reference.test-support.ts';

/** What folding gives for a case whose picture is a constant; undefined where it leaves the op alone. */
function folded({ graph, input }: OpCase): Float32Array | undefined {
  const constant = constNode('x', { dtype: 'float32', shape: input.dims, data: input.data });
  const nodes = graph.nodes.map((node) => (node.op === 'Placeholder' ? constant : node));
  const value = inferShapes({ ...graph, nodes }).valueOf('y');
  return isKnown(value) ? Float32Array.from(value.data) : undefined;
}

it('folds constants to the values of the reference', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const entry of allCases) {
    const got = folded(entry);
    if (got === undefined) continue;
    count++;
    const expected = runReference(entry.graph, { x: fedTensor(entry) }, 'y');
    const difference = firstDifference(got, expected, entry.tolerance);
    if (difference !== undefined) wrong.push(`${entry.title}: ${difference}`);
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(150);
});
