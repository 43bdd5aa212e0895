import { expect, test } from 'vitest';
import { parseCommand, type FileGroup } from '../command.ts';
import { browserEncoder } from './browser-encoder.ts';
import { idleWordsLines } from './idle-words-line.ts';

const output = (words: string): FileGroup => parseCommand(`-i a.mp4 ${words} o.mkv`.split(' ')).outputs[0]!;

const parsed = (words: string) => browserEncoder(output(words))!;

const rate = (words: string) => parsed(words).rateOf({ width: 1280, height: 720, framesPerSecond: 25 });

test('the encoder is what stands last for the first video stream', () => {
  expect(parsed('-c:v h264_webcodecs').codec).toBe('h264');
  expect(parsed('-vcodec vp8_webcodecs').codec).toBe('vp8');
  expect(parsed('-codec:v vp9_webcodecs').codec).toBe('vp9');
  expect(parsed('-c:v copy -c:v:0 av1_webcodecs').codec).toBe('av1');
  expect(parsed('-c:v hevc_webcodecs -c:v:1 copy').codec).toBe('hevc');
  expect(browserEncoder(output('-c:v h264_webcodecs -c:v libx264'))).toBeUndefined();
  expect(browserEncoder(output('-c:v h264_webcodecs -vn'))).toBeUndefined();
  expect(browserEncoder(output('-c:v libx264 -crf 18'))).toBeUndefined();
});

test('what is left out has a default', () => {
  expect(parsed('-c:v h264_webcodecs')).toMatchObject({
    ...{ pixelFormat: 'yuv420p', keyInterval: 250, profile: undefined, latencyMode: 'quality' },
  });
  expect(rate('-c:v h264_webcodecs')).toEqual({ kind: 'bitrate', bitsPerSecond: 2304000 });
  expect(rate('-c:v vp8_webcodecs -b:v 0')).toEqual({ kind: 'bitrate', bitsPerSecond: 2304000 });
  expect(rate('-c:v av1_webcodecs')).toEqual({ kind: 'bitrate', bitsPerSecond: 1612800 });
});

test('rates are numbers with postfixes', () => {
  expect(rate('-c:v h264_webcodecs -b:v 1.5M')).toEqual({ kind: 'bitrate', bitsPerSecond: 1500000 });
  expect(rate('-c:v h264_webcodecs -b 800k')).toEqual({ kind: 'bitrate', bitsPerSecond: 800000 });
  const perPixel = '-c:v h264_webcodecs -bits_per_pixel:v 0.2';
  expect(rate(perPixel)).toEqual({ kind: 'bitrate', bitsPerSecond: 4608000 });
  expect(rate(`${perPixel} -maxrate 4M`)).toEqual({ kind: 'bitrate', bitsPerSecond: 4000000 });
  expect(rate('-c:v h264_webcodecs -maxrate 1M')).toEqual({ kind: 'bitrate', bitsPerSecond: 1000000 });
  expect(rate('-c:v h264_webcodecs -maxrate 9M')).toEqual({ kind: 'bitrate', bitsPerSecond: 2304000 });
  expect(rate('-c:v h264_webcodecs -b:v 1M -maxrate:v 1M')).toEqual({
    ...{ kind: 'bitrate', bitsPerSecond: 1000000, isConstant: true },
  });
});

test('vp9 and av1 have a constant quality', () => {
  expect(rate('-c:v vp9_webcodecs -qp 40')).toEqual({ kind: 'quantizer', quantizer: 40 });
  const { kind, quantizer } = rate('-c:v vp9_webcodecs -crf 30 -b:v 0') as {
    kind: string;
    quantizer: number;
  };
  expect(kind).toBe('quantizer');
  expect(quantizer).toBeCloseTo(25.1, 5);
});

test('the other settings are what the user says', () => {
  expect(parsed('-c:v vp9_webcodecs -g 60 -profile:v 2 -quality realtime -pix_fmt yuv420p10')).toMatchObject({
    ...{ keyInterval: 60, profile: '2', latencyMode: 'realtime', pixelFormat: 'yuv420p10le' },
  });
});

test.each([
  ['-c:a h264_webcodecs', /-c:a h264_webcodecs: it encodes video alone: write -c:v h264_webcodecs \(word 3/],
  ['-c h264_webcodecs', /write -c:v h264_webcodecs/],
  ['-acodec vp8_webcodecs', /write -c:v vp8_webcodecs/],
  ['-c:v:1 h264_webcodecs', /write -c:v:0 h264_webcodecs/],
  ['-c:v h265_webcodecs', /no such encoder; those of the browser are h264_webcodecs, hevc_webcodecs/],
  ['-c:v h264_webcodecs -crf 18', /-crf 18: h264_webcodecs has no constant quality: write -b:v 2M/],
  ['-c:v vp8_webcodecs -qp 18', /write -b:v 2M/],
  ['-c:v vp9_webcodecs -crf 30 -b:v 2M', /-crf 30 and -b:v 2M contradict each other/],
  ['-c:v h264_webcodecs -bits_per_pixel 0.2 -b:v 2M', /-bits_per_pixel 0.2 and -b:v 2M contradict/],
  ['-c:v av1_webcodecs -crf 0 -bits_per_pixel 0.2', /-crf 0 and -bits_per_pixel 0.2 contradict/],
  ['-c:v h264_webcodecs -bits_per_pixel 0', /write bits for a pixel, such as 0.1/],
  ['-c:v vp9_webcodecs -crf 30 -maxrate 2M', /leave -maxrate 2M out/],
  ['-c:v vp9_webcodecs -crf 64', /from 0, the best, to 63/],
  ['-c:v h264_webcodecs -b:v fast', /-b:v fast: write bits per second/],
  ['-c:v h264_webcodecs -b:v 2M -maxrate 1M', /-maxrate 1M is less than -b:v 2M/],
  ['-c:v h264_webcodecs -pass 1', /encodes in one pass: leave it out/],
  ['-c:v h264_webcodecs -q:v 5', /-q:v 5: h264_webcodecs does not know it: write -b:v 2M/],
  ['-c:v h264_webcodecs -g often', /write the frames from one key frame to the next/],
  ['-c:v h264_webcodecs -quality best', /write -quality quality/],
  ['-c:v vp9_webcodecs -pix_fmt yuva420p', /encoders of browsers keep no transparency: write one of yuv420p/],
  ['-c:v h264_webcodecs -pix_fmt yuv444p', /h264_webcodecs does not encode it: write one of yuv420p/],
  ['-c:v h264_webcodecs -force_key_frames chapters', /chapters is not known to it: write times/],
])('%s is refused', (words, message) => {
  expect(() => browserEncoder(output(words))).toThrow(message);
});

test('what has no effect is told in a line', () => {
  const lines = (words: string) => idleWordsLines(parseCommand(`-i a.mp4 ${words} o.mkv`.split(' ')));
  expect(lines('-c:v h264_webcodecs -preset slow -tune film -bf 2 -b:v 1M -q 2')).toEqual([
    expect.stringMatching(/^-preset slow -tune film -bf 2: no effect on h264_webcodecs, /),
  ]);
  expect(lines('-c:v h264_webcodecs -b:v 1M')).toEqual([]);
  expect(lines('-c:v libx264 -preset slow')).toEqual([]);
});
