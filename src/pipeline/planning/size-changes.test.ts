import { expect, test } from 'vitest';
import { reportingSize, SizeChanges } from './size-changes.ts';

const report = (pts: string, size: string): string =>
  `[showinfo@dnn1 @ 0x5583e2f4d240] n:   0 pts:${pts} pos:    29461 fmt:yuv420p sar:1/1 s:${size} i:P iskey:1 type:I `;

test('the first frame of each set-up is reported beside the frames', () => {
  expect(reportingSize(1, 'frames', 'format=rgb24')).toBe(
    "split[frames],select='eq(n,0)',showinfo@dnn1=checksum=0,nullsink;[frames]format=rgb24",
  );
});

test('reports are no lines of the log; another size than the first is one', () => {
  const changes = new SizeChanges(1);
  for (const line of [
    '[showinfo@dnn1 @ 0x5583e2f4d240] config in time_base: 1/1000, frame_rate: 10/1',
    report('      0 pts_time:0      ', '160x120'),
    '[showinfo@dnn1 @ 0x5583e2f4d240] color_range:tv color_space:unknown',
    report('    500 pts_time:0.5    ', '160x120'),
  ])
    expect(changes.inPlaceOf(line)).toBeUndefined();
  expect(changes.inPlaceOf(report('   1000 pts_time:1      ', '120x160'))).toMatch(
    /^The video changes its size from 160x120 to 120x160 at 1 s \(pts 1000\): .* scale=160:120 or another one/,
  );
  // Each later set-up is told, and one of the first size is not.
  expect(changes.inPlaceOf(report('   NOPTS pts_time:NOPTS ', '80x60'))).toMatch(/to 80x60 at NOPTS s/);
  expect(changes.inPlaceOf(report('   2000 pts_time:2      ', '160x120'))).toBeUndefined();
});

test("all other lines stay, the user's own reports too", () => {
  const changes = new SizeChanges(1);
  for (const line of [
    'Input #0, webm, from two.webm:',
    report('0 pts_time:0', '160x120').replace('dnn1', 'dnn2'),
    report('0 pts_time:0', '160x120').replace('showinfo@dnn1', 'Parsed_showinfo_1'),
  ])
    expect(changes.inPlaceOf(line)).toBe(line);
});
