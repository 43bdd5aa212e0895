import { expect, test } from 'vitest';
import { parseCommand } from '../command.ts';
import { usesBrowserEncoder, withStandIns } from './stand-in-encoder.ts';

const stood = (text: string): string => {
  const words = text.split(' ');
  return withStandIns(words, parseCommand(words)).join(' ');
};

test('an encoder of ffmpeg stands in with the same pixel format, and without what is for the browser', () => {
  expect(stood('-i a -c:v h264_webcodecs -b:v 1M -quality realtime -r 30 -c:a aac -b:a 64k o.mp4')).toBe(
    '-i a -c:v:0 libx264 -preset ultrafast -pix_fmt:v:0 yuv420p -r 30 -c:a aac -b:a 64k o.mp4',
  );
  expect(stood('-i a -pix_fmt yuv444p -c:v av1_webcodecs -crf 20 o.mkv')).toBe(
    '-i a -c:v:0 libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt:v:0 yuv444p o.mkv',
  );
});

test('other outputs stay as they are', () => {
  const text = '-i a -c:v libx264 -crf 20 o.mp4';
  expect(stood(text)).toBe(text);
  expect(usesBrowserEncoder(parseCommand(text.split(' ')))).toBe(false);
  expect(stood(`${text} -c:v vp8_webcodecs p.webm`)).toBe(
    `${text} -c:v:0 libvpx -deadline realtime -pix_fmt:v:0 yuv420p p.webm`,
  );
});
