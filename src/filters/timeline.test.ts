import { describe, expect, test } from 'vitest';
import { failure } from '../base/errors.test-support.ts';
import { sourceText } from '../base/source-text.ts';
import { checkTimeline, Timeline } from './timeline.ts';

const timeBase = { num: 1, den: 25 };

/** The frames, of ten, that are touched. */
function touched(enable: string, first = 0): number[] {
  const timeline = new Timeline('derain', sourceText(enable));
  return Array.from({ length: 10 }, (_, n) => n).filter((n) =>
    timeline.isEnabled({ pts: first + n, width: 32, height: 24 }, timeBase),
  );
}

describe('Timeline', () => {
  test.each<[string, number[]]>([
    ['between(n,2,4)', [2, 3, 4]],
    ['lt(n,2)+eq(n,9)', [0, 1, 9]],
    ['between(t,0.12,0.2)', [3, 4, 5]],
    ['not(mod(n,4))', [0, 4, 8]],
    ['-eq(n,3)', [3]],
    ['0.5*eq(n,1)+0.49*eq(n,2)', [1]],
    ['eq(w,32)*eq(h,24)*eq(n,7)', [7]],
    ['nan', []],
    ['pos', []],
    ['gt(pos,0)', []],
    // The eighth evaluation is the second one of frame 3: seen in ffmpeg 5.1.
    ['st(0,ld(0)+1);gte(ld(0),8)', [3, 4, 5, 6, 7, 8, 9]],
  ])('%s', (enable, frames) => {
    expect(touched(enable)).toEqual(frames);
  });

  test('n counts frames of the input, t is their pts', () => {
    expect(touched('eq(n,2)', 100)).toEqual([2]);
    expect(touched('eq(t,4.12)', 100)).toEqual([3]);
  });
});

test('checkTimeline refuses what is no expression, and warns of pos', () => {
  const lines: string[] = [];
  const check = (text: string): void => {
    checkTimeline('derain', sourceText(text), (level, message) => lines.push(`${level}: ${message}`));
  };
  const { details } = failure(() => {
    check('between(n,2');
  });
  expect(details).toMatchObject({ filter: 'derain', option: 'enable' });
  check('gt(t,1)');
  expect(lines).toEqual([]);
  check('gt(pos,1)');
  expect(lines).toEqual([
    'warning: enable of derain uses pos, which is not a number here: frames come without their place in a file',
  ]);
});
