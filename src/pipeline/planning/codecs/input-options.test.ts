import { describe, expect, it } from 'vitest';
import { optionWords, parseCommand } from '../../command/command.ts';
import { decoderOnlyOption, demuxerOptionsOf, frameLimit } from './input-options.ts';

const input = (words: string) => parseCommand([...words.split(' '), '-i', 'a', 'b']).inputs[0]!;

describe('decoderOnlyOption', () => {
  it.each([
    ['-r 10', '-r 10 is known to its decoder alone'],
    ['-c:v h264', '-c:v h264 is known to its decoder alone'],
    ['-vcodec h264', '-vcodec h264 is known to its decoder alone'],
    ['-skip_frame nokey', '-skip_frame nokey is known to its decoder alone'],
    ['-stream_loop 2', '-stream_loop 2 repeats h264, whose packets can be copied once only'],
    ['-ss soon', '-ss soon is no time that is understood here'],
  ])('%s', (words, reason) => {
    expect(decoderOnlyOption(input(words), 'h264')).toBe(reason);
  });

  it.each(['-ss 1 -t 2', '-noaccurate_seek -f mpegts', '-c:a aac -acodec aac', '-threads 2 -noautorotate'])(
    'leaves %s to the browser',
    (words) => {
      expect(decoderOnlyOption(input(words), 'h264')).toBeUndefined();
    },
  );
});

it('leaves repeated packets to the browser where no bitstream filter ends with the first pass', () => {
  expect(decoderOnlyOption(input('-stream_loop -1'), 'vp9')).toBeUndefined();
  expect(decoderOnlyOption(input('-stream_loop 0'), 'h264')).toBeUndefined();
});

it('gives demuxers their own, but no end: that is told by frames', () => {
  const { options } = input('-f mov -ss 1 -t 2 -to 9 -c:a aac -noautorotate -threads 1');
  expect(optionWords(demuxerOptionsOf({ options, url: 'a', position: 0 }))).toEqual(
    '-f mov -ss 1 -c:a aac'.split(' '),
  );
});

it.each([
  ['-ss 1.5', undefined],
  ['-t 0.5', 500_000],
  ['-ss 1 -to 3.25', 2_250_000],
  ['-to 00:01:00', 60_000_000],
  ['-t 1 -to 9', 1_000_000],
])('the limit of %s is %s µs', (words, limit) => {
  expect(frameLimit(input(words))).toBe(limit);
});
