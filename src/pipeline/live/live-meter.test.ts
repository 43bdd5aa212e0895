import { expect, test } from 'vitest';
import { LiveMeter } from './live-meter.ts';

test('the figures are those of the last second', () => {
  const meter = new LiveMeter();
  meter.frameShown(0, 500);
  meter.frameFiltered(900, 500);
  for (let i = 1; i <= 20; i++) {
    meter.frameShown(2000 - i, 2000);
    meter.frameFiltered(i / 10, 2000);
  }
  expect(meter.figures(2500)).toEqual({ fps: 20, latencyMs: 10.5, latencyMsP90: 18, msPerFrame: 1.1 });
  expect(meter.figures(3001)).toEqual({ fps: 0, latencyMs: 0, latencyMsP90: 0, msPerFrame: 0 });
});
