import { expect, test } from 'vitest';
import { statusCounts } from './status-counts.ts';

test.each([
  [
    'frame=   48 fps= 24 q=-1.0 Lsize=      56kB time=00:00:01.92 bitrate= 238.9kbits/s speed=0.96x    ',
    { frame: 48, fps: 24 },
  ],
  ['frame=12345 fps=0.5 q=28.0 size=N/A time=00:00:01.00 bitrate=N/A speed=N/A', { frame: 12345, fps: 0.5 }],
  ['size=      12kB time=00:00:01.00 bitrate= 100.0kbits/s speed=  10x', undefined],
  ['frame=1', undefined],
  ["Output #0, mp4, to 'frame= 3 fps= 2.mp4'", undefined],
])('%s', (line, counts) => {
  expect(statusCounts(line)).toEqual(counts);
});
