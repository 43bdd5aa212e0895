/** The forecast against what the core was seen to take. */
import { expect, it } from 'vitest';
import { parseCommand } from '../../command/command.ts';
import { x264Bytes } from './x264-memory.ts';
import { x264Settings } from './x264-settings.ts';

const forecast = (words: string, size: string, pixelFormat: string): number => {
  const { outputs } = parseCommand(`${words} out.mp4`.trim().split(' '));
  const [width = 0, height = 0] = size.split('x').map(Number);
  return x264Bytes(x264Settings(outputs[0]!.options), { width, height, pixelFormat });
};

/**
 * Bytes by which the heap of `@ffmpeg/core` 0.12.10 grew, where it grows by what is asked for alone, while
 * constant gray was encoded with `-subq 1`; less those of the same run with wrapped_avframe.
 */
it.each([
  ['', '640x352', 'yuv420p', 54_001_664],
  ['', '640x352', 'yuv444p', 86_245_376],
  ['', '640x352', 'yuv420p10le', 94_044_160],
  ['-rc-lookahead 10', '640x352', 'yuv420p', 24_444_928],
  ['-rc-lookahead 5', '640x352', 'yuv420p', 19_529_728],
  ['-rc-lookahead 10 -bf 0', '640x352', 'yuv420p', 21_495_808],
  ['-rc-lookahead 10 -bf 8', '640x352', 'yuv420p', 27_262_976],
  ['-rc-lookahead 10 -refs 8', '640x352', 'yuv420p', 30_539_776],
  ['-rc-lookahead 10 -refs 1 -bf 0', '640x352', 'yuv420p', 18_546_688],
  ['-preset ultrafast -subq 1', '640x352', 'yuv420p', 8_847_360],
  ['-preset superfast', '640x352', 'yuv420p', 17_170_432],
  ['-preset veryfast', '640x352', 'yuv420p', 24_117_248],
  ['-preset veryfast', '640x352', 'yuv444p', 42_532_864],
  ['-tune zerolatency', '640x352', 'yuv420p', 11_599_872],
  ['-preset slow', '640x352', 'yuv420p', 65_404_928],
  ['-preset veryslow', '640x352', 'yuv420p', 106_233_856],
  ['-rc-lookahead 10', '640x352', 'yuv422p', 28_049_408],
  ['-rc-lookahead 10', '640x352', 'gray', 21_364_736],
  ['-rc-lookahead 10', '640x352', 'rgb24', 42_926_080],
  ['-rc-lookahead 10 -x264-params no-mbtree=1', '640x352', 'yuv420p', 17_498_112],
  ['-rc-lookahead 10 -x264-params b-pyramid=none', '640x352', 'yuv420p', 22_937_600],
  ['-rc-lookahead 10 -me_method esa', '640x352', 'yuv420p', 28_114_944],
  ['-preset veryfast -crf 18', '3840x2160', 'yuv420p', 648_685_568],
  ['-crf 18 -rc-lookahead 5', '3840x2160', 'yuv444p', 984_109_056],
  ['-b:v 5M -rc-lookahead 5', '3840x2160', 'yuv420p', 562_767_872],
])('%s at %s in %s', (words, size, pixelFormat, measured) => {
  const share = forecast(words, size, pixelFormat) / measured;
  expect(share).toBeGreaterThan(0.9);
  expect(share).toBeLessThan(1.1);
});
