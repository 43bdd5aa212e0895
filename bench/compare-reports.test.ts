import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareReports, comparisonLines } from './compare-reports.mjs';
import type { BenchReport, Series } from './report-format.ts';
import { seriesOf } from './series.mjs';

function reportOf(series: readonly Series[], more: Partial<BenchReport> = {}): BenchReport {
  return {
    schema: 1,
    made: '2026-01-01T00:00:00Z',
    quick: false,
    command: 'npm run bench',
    machine: { cpu: 'a', cores: 2, memoryGiB: 8, os: 'linux', node: 'v20', load: 0 },
    versions: { 'onnxruntime-web': '1.0.0' },
    browsers: [{ name: 'chromium', version: '1' }],
    results: [
      {
        ...{ name: 'b', title: 'b', browser: 'chromium', seconds: 1, notes: [] },
        ...{ series, ratios: [], fits: [], timelines: [], roofline: [] },
      },
    ],
    ...more,
  };
}

function row(id: string, values: readonly number[], better: 'lower' | 'higher' = 'lower'): Series {
  return seriesOf({ id, label: id, group: 'g', unit: 'ms', better, values });
}

describe('compareReports', () => {
  it('calls a change what is beyond the noise, in the direction that is better', () => {
    const before = reportOf([
      row('a', [10, 11, 12]),
      row('b', [10, 11, 12], 'higher'),
      row('c', [10, 12, 14]),
    ]);
    const after = reportOf([row('a', [5, 6, 7]), row('b', [5, 6, 7], 'higher'), row('c', [11, 13, 15])]);
    expect(compareReports(before, after).rows.map(({ verdict }) => verdict)).toEqual([
      'better',
      'worse',
      'same',
    ]);
    expect(compareReports(before, after).rows[0]?.ratio).toBeCloseTo(6 / 11);
  });

  it('names what only one of them has, and what differs around them', () => {
    const before = reportOf([row('a', [1]), row('b', [1])]);
    const after = reportOf(
      [row('b', [1]), row('c', [1]), seriesOf({ id: 'a', label: 'a', group: 'g', unit: 'ms', absent: 'x' })],
      {
        versions: { 'onnxruntime-web': '2.0.0', upscaler: '1.0.0' },
        quick: true,
      },
    );
    const compared = compareReports(before, after);
    expect([compared.onlyBefore, compared.onlyAfter]).toEqual([['chromium/a'], ['chromium/c']]);
    expect(compared.differences).toEqual([
      'onnxruntime-web: 1.0.0 → 2.0.0',
      'rounds: full → quick',
      'upscaler: not there → 1.0.0',
    ]);
    const lines = comparisonLines(compared).join('\n');
    for (const text of ['only in the first: chromium/a', 'only in the second: chromium/c', '1 the same'])
      expect(lines).toContain(text);
  });

  it('finds no change between a report and itself, and opposite ones when they are swapped', () => {
    const list = fc.array(fc.double({ min: 0.1, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(list, list, fc.constantFrom('lower' as const, 'higher' as const), (a, b, better) => {
        const [one, two] = [reportOf([row('x', a, better)]), reportOf([row('x', b, better)])];
        expect(compareReports(one, one).rows[0]?.verdict).toBe('same');
        const opposite = { better: 'worse', worse: 'better', same: 'same' } as const;
        const verdict = compareReports(one, two).rows[0]!.verdict;
        expect(compareReports(two, one).rows[0]?.verdict).toBe(opposite[verdict]);
      }),
    );
  });
});
