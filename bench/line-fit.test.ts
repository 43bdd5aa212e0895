import { describe, expect, it } from 'vitest';
import { lineFit } from './line-fit.mjs';

const row = { id: 'f', label: 'f', x: { label: 'pixels', unit: '' }, y: { label: 'time', unit: 'ms' } };

describe('lineFit', () => {
  it('finds the line that its points lie on', () => {
    const points = [1, 2, 5].map((x) => ({ x, y: 3 * x + 7 }));
    const { slope, offset, r2 } = lineFit({ ...row, points });
    expect([slope, offset, r2].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([3, 7, 1]);
  });

  it('says how much of the spread the line leaves', () => {
    const points = [0, 1, 2, 3].map((x) => ({ x, y: x % 2 }));
    const { slope, offset, r2 } = lineFit({ ...row, points });
    expect(slope).toBeCloseTo(0.2);
    expect(offset).toBeCloseTo(0.2);
    expect(r2).toBeCloseTo(0.2);
  });

  it('fits a constant exactly', () => {
    const { slope, r2 } = lineFit({ ...row, points: [1, 2].map((x) => ({ x, y: 4 })) });
    expect([slope, r2]).toEqual([0, 1]);
  });
});
