import { expect, it } from 'vitest';
import { droppedFrames } from './page-watch.mjs';

it('counts the frames that a gap leaves out', () => {
  expect(droppedFrames([10, 10, 10, 10], 10)).toBe(0);
  // A little late is not dropped; 31 ms are two frames out of five.
  expect(droppedFrames([10, 14, 31], 10)).toBe(40);
  expect(droppedFrames([], 10)).toBe(0);
});
