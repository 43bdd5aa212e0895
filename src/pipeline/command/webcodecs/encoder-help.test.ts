import { expect, test } from 'vitest';
import { encoderHelp } from './encoder-help.ts';

test('the help names formats and options, each once', () => {
  const help = encoderHelp(['-hide_banner', '-h', 'encoder=h264_webcodecs'])!;
  expect(help).toContain("Encoder h264_webcodecs [H.264 / AVC by the browser's encoder]:\n");
  expect(help).toContain('yuv420p nv12\n');
  expect(help).toMatch(/^ +g +<int> .*\(from 0 to INT_MAX\) \(default 250\)$/m);
  expect(help).toMatch(/^ +profile +<string> +high, main, baseline:/m);
  expect(help).toContain('bits_per_pixel');
  expect(help).not.toContain('crf');
  const names = Array.from(help.matchAll(/^ {3}(\w+) +</gm), ([, name]) => name);
  expect(names).toEqual([...new Set(names)]);
  expect(names).toHaveLength(7);
});

test('vp9 and av1 have a constant quality', () => {
  expect(encoderHelp(['-h', 'encoder=vp9_webcodecs'])).toMatch(/^ +crf .*as libvpx-vp9 has it$/m);
  expect(encoderHelp(['-h', 'encoder=av1_webcodecs'])).toMatch(/^ +crf .*as libaom-av1 has it$/m);
});

test.each([[['-h', 'encoder=libx264']], [['-h', 'encoder=mjpeg_webcodecs']], [['-h']], [['-i', 'a']]])(
  'other words are left to ffmpeg: %j',
  (args) => {
    expect(encoderHelp(args)).toBeUndefined();
  },
);
