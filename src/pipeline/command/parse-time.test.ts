import { expect, test } from 'vitest';
import { parseTime } from './parse-time.ts';

test("times are read in ffmpeg's forms", () => {
  expect(['12.5', '1:02:03.5', '02:03', '1500ms', '2s', 'soon', undefined].map(parseTime)).toEqual([
    12.5,
    3723.5,
    123,
    1.5,
    2,
    undefined,
    undefined,
  ]);
});
