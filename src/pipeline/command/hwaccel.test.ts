import { describe, expect, it } from 'vitest';
import { splitCommand } from './command.ts';
import { usesWebCodecs } from './hwaccel.ts';

const split = (line: string): ReturnType<typeof splitCommand> => splitCommand(line.split(' '));

describe('-hwaccel', () => {
  it('belongs to the next input, and is no word for ffmpeg', () => {
    const command = split('-hwaccel webcodecs -ss 1 -i a -i b -hwaccel:v auto -i c -hwaccel none -i d o.mkv');
    expect(command.inputs.map(({ url, hwaccel }) => [url, hwaccel])).toEqual([
      ['a', 'webcodecs'],
      ['b', undefined],
      ['c', 'auto'],
      ['d', 'none'],
    ]);
    expect(command.inputs[0]!.options.map(({ name }) => name)).toEqual(['ss']);
    expect(command.argv).toEqual('-ss 1 -i a -i b -i c -i d o.mkv'.split(' '));
  });

  it('takes the last of several, as ffmpeg does', () => {
    expect(split('-hwaccel none -hwaccel auto -i a o.mkv').inputs[0]!.hwaccel).toBe('auto');
  });

  it('is for webcodecs and auto alone', () => {
    const uses = ['webcodecs', 'auto', 'none'].map((word) =>
      usesWebCodecs(split(`-hwaccel ${word} -i a o.mkv`)),
    );
    expect([...uses, usesWebCodecs(split('-i a o.mkv'))]).toEqual([true, true, false, false]);
  });

  it.each([
    ['-hwaccel cuda -i a o.mkv', /-hwaccel cuda: write webcodecs or auto .* or none .*\(word 1 /],
    ['-i a -hwaccel webcodecs o.mkv', /-hwaccel webcodecs \(word 3 .*before the output o\.mkv/],
    ['-hwaccel auto -hwaccel_output_format nv12 -i a o.mkv', /-hwaccel_output_format nv12: .*\(word 3 /],
    ['-hwaccel_device 0 -i a o.mkv', /-hwaccel_device 0: .*leave the option out/],
    ['-hwaccel:0 auto -i a o.mkv', /-hwaccel:0: it holds for all video/],
  ])('refuses %s in words', (line, message) => {
    expect(() => split(line)).toThrow(message);
  });
});
