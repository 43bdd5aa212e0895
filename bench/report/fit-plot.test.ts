import { expect, test } from 'vitest';
import { fitPlot, slopeText } from './fit-plot.mjs';

const fit = {
  id: 'f',
  label: 'time against size',
  x: { label: 'pixels of the frame', unit: '' },
  y: { label: 'time', unit: 'ms' },
  points: [
    { x: 1000, y: 1.61, label: 'small' },
    { x: 2000, y: 2.02, label: 'middle' },
    { x: 3000, y: 2.5, label: 'large' },
  ],
  slope: 0.000_41,
  offset: 1.2,
  r2: 0.9991,
};

test('slopeText says what one more costs', () => {
  expect(slopeText(fit)).toBe('0.41 µs per pixel of the frame + 1.2 ms');
  expect(slopeText({ ...fit, x: { label: 'width', unit: 'px' }, offset: -0.5 })).toBe(
    '0.41 µs per px − 0.5 ms',
  );
  expect(slopeText({ ...fit, x: { label: 'length of the clip', unit: 's' } })).toContain('per s +');
});

test('fitPlot tells how far each point is from the line', () => {
  const html = fitPlot(fit, 'plot');
  expect(html).toContain('r² = 0.99910');
  expect(html).toContain('+2.9 %');
  expect(html.match(/<circle/g)).toHaveLength(3);
  expect(fitPlot({ ...fit, points: fit.points.slice(1) }, 'plot')).toContain('two points, so any line fits');
});
