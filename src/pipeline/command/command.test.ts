import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { lacksOutput, lastValue, optionWords, parseCommand, splitCommand, type Command } from './command.ts';

/** The words again, in the order global, inputs, outputs. */
function words(command: Command): string[] {
  return [
    ...optionWords(command.global.filter(({ name }) => name !== 'n')),
    ...command.inputs.flatMap((input) => [...optionWords(input.options), '-i', input.url]),
    ...command.outputs.flatMap((output) => [...optionWords(output.options), output.url]),
    ...optionWords(command.trailing),
  ];
}

describe('parseCommand', () => {
  it('sorts options to the file that follows them', () => {
    const command = parseCommand(
      '-y -ss 1 -re -i a.mp4 -noautorotate -i b.mp4 -c:v:0 libx264 -an out.mp4'.split(' '),
    );
    expect(command.global.map(({ name }) => name)).toEqual(['y']);
    expect(command.inputs.map(({ url }) => url)).toEqual(['a.mp4', 'b.mp4']);
    expect(command.inputs[0]!.options.map(({ name, value }) => [name, value])).toEqual([
      ['ss', '1'],
      ['re', '1'],
    ]);
    expect(command.inputs[1]!.options[0]).toMatchObject({
      name: 'autorotate',
      value: '0',
      words: ['-noautorotate'],
    });
    expect(command.outputs[0]!.options[0]).toMatchObject({ name: 'c', specifier: 'v:0', value: 'libx264' });
    expect(lastValue(command.outputs[0]!.options, 'an')).toBe('1');
  });

  it('takes a value for the switches of ffmpeg that have one, and none in their -no form', () => {
    const words = '-seek_timestamp 1 -autorotate 0 -i a -noautorotate -i b -autoscale:v 0 -noautoscale o.mp4';
    const { inputs, outputs, argv } = parseCommand(words.split(' '));
    const options = [...inputs, ...outputs].map((group) =>
      group.options.map(({ name, value }) => `${name} ${value}`),
    );
    expect(options).toEqual([
      ['seek_timestamp 1', 'autorotate 0'],
      ['autorotate 0'],
      ['autoscale 0', 'autoscale 0'],
    ]);
    expect([...inputs, ...outputs].map(({ url }) => url)).toEqual(['a', 'b', 'o.mp4']);
    expect(argv).toEqual(words.split(' '));
  });

  it('takes its own options out wherever they stand', () => {
    const command = parseCommand([
      '-dnn_detections',
      'd.jsonl',
      '-i',
      'a',
      'out.mp4',
      '-y',
      '-dnn_stats',
      's.json',
    ]);
    expect(command).toMatchObject({ dnnStats: 's.json', dnnDetections: 'd.jsonl' });
    expect(command.argv).toEqual(['-i', 'a', 'out.mp4', '-y']);
    expect(command.global.map(({ name }) => name)).toEqual(['y']);
  });

  it('keeps -n from ffmpeg, wherever it stands, and knows of it', () => {
    const command = parseCommand(['-n', '-i', 'a', '-metadata', '-n', 'out.mp4', '-n']);
    expect(command.argv).toEqual(['-i', 'a', '-metadata', '-n', 'out.mp4']);
    expect(lastValue(command.global, 'n')).toBe('1');
  });

  it('takes - and what follows -- as outputs, and a value with a dash as a value', () => {
    const command = parseCommand(['-itsoffset', '-1', '-i', '-', '-f', 'null', '-', '--', '-odd.mp4']);
    expect(command.inputs[0]).toMatchObject({ url: '-' });
    expect(command.inputs[0]!.options[0]!.value).toBe('-1');
    expect(command.outputs.map(({ url }) => url)).toEqual(['-', '-odd.mp4']);
  });

  it.each([
    [['-i'], /Missing argument for option 'i'/, 0],
    [['-i', 'a', 'o.mp4', '-dnn_stats'], /Missing argument for option 'dnn_stats'/, 3],
    [['-i', 'a', 'o.mp4', '-autoscale'], /Missing argument for option 'autoscale'/, 3],
    [['-i', 'a', 'o.mp4', '-nonsense'], /Unrecognized option 'nonsense'/, 3],
    [['-i', 'a'], /At least one output file must be specified/, 2],
  ])('refuses %j', (argv, message, position) => {
    expect(() => parseCommand(argv)).toThrow(message);
    expect(() => parseCommand(argv)).toThrow(
      expect.objectContaining({ code: 'EINVAL', details: expect.objectContaining({ position }) as object }),
    );
  });

  it('knows the two words of -dnn_color, which ffmpeg never sees', () => {
    const command = parseCommand(['-dnn_color', 'keep', '-i', 'a', 'o.mp4']);
    expect(command.dnnColor).toBe('keep');
    expect(command.argv).toEqual(['-i', 'a', 'o.mp4']);
    expect(parseCommand(['-i', 'a', '-dnn_color', 'ffmpeg', 'o.mp4']).dnnColor).toBe('ffmpeg');
    expect(parseCommand(['-i', 'a', 'o.mp4']).dnnColor).toBeUndefined();
    expect(() => parseCommand(['-i', 'a', '-dnn_color', 'kept', 'o.mp4'])).toThrow(
      /^-dnn_color kept: write keep, /,
    );
  });

  it('does not ask for an output where ffmpeg only prints', () => {
    expect(parseCommand(['-version']).printsOnly).toBe(true);
    expect(parseCommand(['-h', 'filter=scale']).printsOnly).toBe(true);
  });

  it('reads a command without output for whom it is one, and tells it apart', () => {
    const command = splitCommand(['-hide_banner', '-i', 'a', '-t', '5']);
    expect(command).toMatchObject({ argv: ['-hide_banner', '-i', 'a', '-t', '5'], outputs: [] });
    expect(command.trailing.map(({ name }) => name)).toEqual(['t']);
    expect([lacksOutput(command), lacksOutput(splitCommand([]))]).toEqual([true, true]);
    expect(lacksOutput(splitCommand(['-version']))).toBe(false);
    expect(lacksOutput(parseCommand(['-i', 'a', 'b']))).toBe(false);
  });

  it('never throws anything but a DnnError and loses no word', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '-i',
        '-y',
        '-n',
        '-vf',
        '-c:v',
        '-an',
        '-noautorotate',
        '-',
        '--',
        'x.mp4',
        '-crf',
        '-h',
        '-dnn_stats',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (argv) => {
        let command: Command;
        try {
          command = parseCommand(argv);
        } catch (error) {
          expect(error).toBeInstanceOf(DnnError);
          return;
        }
        const separators = command.argv.filter((text) => text === '--').length;
        const again = words(command);
        expect(again.length).toBeGreaterThanOrEqual(command.argv.length - separators);
        expect([...command.argv].filter((text) => text !== '--').toSorted()).toEqual(
          again.filter((text) => text !== '--').toSorted(),
        );
      }),
      { numRuns: 500 },
    );
  });
});

it('takes -dnn_watchdog as seconds, and not as a word for ffmpeg', () => {
  const given = parseCommand(['-i', 'a', '-dnn_watchdog', '2.5', 'b']);
  expect([given.dnnWatchdog, given.argv]).toEqual([2.5, ['-i', 'a', 'b']]);
  expect(parseCommand(['-dnn_watchdog', '0', '-i', 'a', 'b']).dnnWatchdog).toBe(0);
  expect(parseCommand(['-i', 'a', 'b']).dnnWatchdog).toBeUndefined();
  for (const value of ['-1', 'soon', '', 'Infinity']) {
    expect(() => parseCommand(['-i', 'a', '-dnn_watchdog', value, 'b'])).toThrow(
      /^-dnn_watchdog .*: write the seconds/,
    );
  }
});
