import { expect, test } from 'vitest';
import { parseSimpleFilterchain } from '../../filtergraph/parse-filtergraph.ts';
import { filtersOf } from '../../filtergraph/filtergraph.ts';
import { scaleStep, type ScaleStep } from './scale-step.ts';

function step(text: string): ScaleStep {
  return scaleStep(filtersOf(parseSimpleFilterchain(text))[0]!, text);
}

/** As `ffmpeg -vf setsar=8/9,scale=…,showinfo` prints them of 718x480. */
test.each([
  ['scale', 718, 480],
  ['scale=320:200', 320, 200],
  ['scale=320:-1', 320, 214],
  ['scale=-2:100', 150, 100],
  ['scale=-4:-4', 718, 480],
  ['scale=iw/2:ih/2', 359, 240],
  ['scale=0:100', 718, 100],
  ['scale=-1:0', 718, 480],
  [String.raw`scale='if(gt(iw,ih),100,50)':-2`, 100, 66],
  ['scale=640x360', 640, 360],
  ['scale=s=640x360:flags=bicubic', 640, 360],
  ['scale=w=oh*2:h=50', 100, 50],
  ['scale=h=90:w=90*dar', 119, 90],
] as const)('%s', (text, width, height) => {
  expect(step(text).sizeOf({ width: 718, height: 480 }, { num: 8, den: 9 })).toEqual({ width, height });
});

test('pixels whose shape is not known are square', () => {
  expect(step('scale=100*sar:100').sizeOf({ width: 9, height: 9 }, { num: 0, den: 1 }).width).toBe(100);
});

test.each([
  ['scale=320:-1:flags=lanczos', "scale=320:-1:flags=lanczos: flags=lanczos asks ffmpeg's scaler"],
  ['scale=320:240:out_range=pc', 'out_range of it is an option of ffmpeg'],
  ['scale=hd720', 'hd720 alone is no size that is known here; write scale=W:H'],
])('%s is refused with the headers', (text, reason) => {
  expect(() => step(text)).toThrow(reason);
  expect(() => step(text)).toThrow('Cross-Origin-Opener-Policy');
});

test('what is no size is an error, not a lack', () => {
  expect(() => step('scale=iw/:20')).toThrow('Undefined constant');
  expect(() => step('scale=ow:10').sizeOf({ width: 9, height: 9 }, { num: 1, den: 1 })).toThrow('NaNx10');
  expect(() => step('scale=-1:1').sizeOf({ width: 1, height: 9 }, { num: 1, den: 1 })).toThrow(
    'scale=-1:1 makes 0x1 of frames of 1x9: give a size of at least 1x1.',
  );
});
