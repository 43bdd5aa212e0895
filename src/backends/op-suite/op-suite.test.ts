/** Every op on both backends against the plain reference: odd sizes, strides, types, NaN and infinities. */
import { getKernelsForBackend } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { wasmOps } from '../native/wasm/layer-table.ts';
import { convertibleOps, converterKnows, kernelsOfOp } from '../tensorflow/converter-ops.ts';
import { knownDifferences } from './known-differences.test-support.ts';
import type { OpCase } from './op-case.test-support.ts';
import { allCases, outcomeOf, type SuiteBackend } from './run-case.test-support.ts';
import { uncoveredOps } from './uncovered-ops.test-support.ts';

const byOp = new Map<string, OpCase[]>();
for (const entry of allCases) {
  const op = entry.title.slice(0, entry.title.indexOf(':'));
  byOp.set(op, [...(byOp.get(op) ?? []), entry]);
}

const isKnown: Record<SuiteBackend, (op: string) => boolean> = {
  native: (op) => wasmOps.has(op),
  tensorflow: (op) => {
    const kernels = new Set(getKernelsForBackend('wasm').map(({ kernelName }) => kernelName));
    return converterKnows(op) && kernelsOfOp(op).every((kernel) => kernels.has(kernel));
  },
};

const backends = ['native', 'tensorflow'] as const;

/** What is wrong with the outcome of a case: nothing where it is right, or as the record says. */
async function complaint(entry: OpCase, backend: SuiteBackend): Promise<string[]> {
  const outcome = await outcomeOf(entry, backend);
  const known = knownDifferences[backend].find(({ cases }) => cases.includes(entry.title));
  // That a backend says of an op that it has none needs no record.
  const unknown = entry.graph.nodes.some(
    ({ op }) => !['Const', 'Placeholder'].includes(op) && !isKnown[backend](op),
  );
  const expected = known?.kind ?? (unknown && outcome.kind === 'refused' ? 'refused' : 'right');
  if (outcome.kind === expected) return [];
  const text = outcome.text === '' ? entry.title : outcome.text;
  return [`${text}\nis ${outcome.kind}${known === undefined ? '' : `, but recorded as ${known.kind}`}`];
}

describe.each(backends)('%s', (backend) => {
  it.each([...byOp])('%s', async (_op, cases) => {
    const wrong = await Promise.all(cases.map((entry) => complaint(entry, backend)));
    expect(wrong.flat().join('\n\n')).toBe('');
  });
});

describe('the suite', () => {
  it('has cases of different titles', () => {
    const titles = allCases.map(({ title }) => title);
    expect(titles.length).toBeGreaterThanOrEqual(800);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('has every op of the native backend', () => {
    expect([...wasmOps].filter((op) => !byOp.has(op))).toEqual([]);
  });

  it('has every op of the tensorflow backend but for those with a reason', () => {
    const runnable = convertibleOps().filter(isKnown.tensorflow);
    const missing = runnable.filter((op) => !byOp.has(op));
    expect(missing.toSorted()).toEqual(Object.values(uncoveredOps).flat().toSorted());
  });

  it.each(backends)('records differences of %s by cases that there are, each once', (backend) => {
    const listed = knownDifferences[backend].flatMap(({ cases }) => cases);
    const titles = new Set(allCases.map(({ title }) => title));
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.filter((title) => !titles.has(title))).toEqual([]);
  });
});
