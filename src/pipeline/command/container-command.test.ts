import { expect, test } from 'vitest';
import { isDnnFilter } from '../../filters/filters.ts';
import { parseCommand } from './command.ts';
import { containerCommand, type ContainerCommand } from './container-command.ts';
import { planCommand } from './plan.ts';

const chain = ['-vf', 'format=rgb24,dnn_processing=model=a.pb'];

function read(...words: readonly string[]): ContainerCommand {
  const planned = planCommand(parseCommand(words), { isOwnFilter: ({ name }) => isDnnFilter(name.text) });
  if (planned.kind !== 'dnn') throw new Error('no DNN filter');
  return containerCommand(planned.plan);
}

test('an encoder goes by the file where none is named', () => {
  expect(read('-i', 'a.mp4', ...chain, 'b.mov')).toMatchObject({
    ...{
      input: 'a.mp4',
      container: 'mov',
      encoder: { codec: 'h264' },
      isDefaultEncoder: true,
      keepsAudio: true,
    },
    range: { start: 0, end: Infinity },
  });
  expect(read('-i', 'a.mp4', ...chain, '-movflags', '+faststart', 'b.mp4').asksForFastStart).toBe(true);
  expect(read('-i', 'a.ts', ...chain, 'b.webm')).toMatchObject({
    container: 'webm',
    encoder: { codec: 'vp9' },
  });
  expect(
    read('-i', 'a.mp4', ...chain, '-c', 'copy', '-c:v', 'av1_webcodecs', '-f', 'matroska', 'b'),
  ).toMatchObject({
    ...{ container: 'mkv', encoder: { codec: 'av1' }, isDefaultEncoder: false },
  });
});

test.each([
  [[], true, undefined],
  [['-c:a', 'copy'], true, undefined],
  [['-c:a', 'aac'], true, ['-c:a', 'aac']],
  [['-acodec', 'libopus', '-an'], false, ['-acodec', 'libopus']],
] as const)('audio is copied, whatever encoder is named: %s', (words, keepsAudio, encoder) => {
  const command = read('-i', 'a.mp4', ...chain, ...words, 'b.mp4');
  expect(command.keepsAudio).toBe(keepsAudio);
  expect(command.audioEncoder?.words).toEqual(encoder);
});

test.each([
  [['-ss', '2', '-t', '3'], { start: 2, end: 5 }],
  [['-ss', '00:00:02', '-to', '00:00:09'], { start: 2, end: 9 }],
  [['-to', '4'], { start: 0, end: 4 }],
] as const)('%s', (words, range) => {
  expect(read(...words, '-i', 'a.mp4', ...chain, 'b.mp4').range).toEqual(range);
});

test('a time that is none is refused', () => {
  expect(() => read('-ss', 'soon', '-i', 'a.mp4', ...chain, 'b.mp4')).toThrow('-ss soon (word 1');
});

test.each([
  ['two inputs', ['-i', 'a.mp4', '-i', 'b.mp4', ...chain, 'c.mp4'], 'not one input but several'],
  ['two outputs', ['-i', 'a.mp4', ...chain, 'b.mp4', 'c.mp4'], 'not one output but several'],
  ['a graph', ['-i', 'a.mp4', '-filter_complex', '[0:v]dnn_processing=model=a.pb', 'b.mp4'], 'write -vf'],
  ['another encoder', ['-i', 'a.mp4', ...chain, '-c:v', 'libx264', 'b.mp4'], 'write -c:v h264_webcodecs'],
  ['another option', ['-i', 'a.mp4', ...chain, '-r', '5', 'b.mp4'], "-r 5 (word 5) is ffmpeg's alone"],
  ['another format', ['-i', 'a.mp4', ...chain, 'b.avi'], 'b.avi is none of these files'],
  ['a pipe', ['-i', 'a.mp4', ...chain, '-f', 'mp4', '-'], '- is none of these files'],
])('%s', (_, words, reason) => {
  expect(() => read(...words)).toThrow(reason);
  expect(() => read(...words)).toThrow('Cross-Origin-Embedder-Policy: require-corp');
});
