import { describe, expect, test } from 'vitest';
import { silentLogger, type Logger } from './log.ts';
import { assignment, intMax, parseOptions, type OptionTable } from './option-table.ts';
import { describeOptions } from './option-table-help.ts';
import { nearestNames, parseOptionNumber, roundHalfToEven } from './option-table-values.ts';
import { sourceText } from './source-text.ts';
import { failure } from './errors.test-support.ts';

const table = [
  {
    name: 'mode',
    type: 'int',
    default: 0,
    min: 0,
    max: 9,
    help: 'what to do',
    constants: [{ name: 'fast', value: 7, help: 'quick' }],
  },
  {
    name: 'file',
    type: 'string',
    help: 'path',
    aliases: [{ name: 'path', help: 'path', deprecated: 'write file' }],
  },
  { name: 'wait', type: 'bool', default: true, help: 'wait' },
  { name: 'share', type: 'float', default: 0.5, min: 0, max: 1, help: 'share', byNameOnly: true },
  { name: 'title', type: 'string', default: 'x', help: 'title' },
  { name: 'threads', type: 'string', help: 'threads', hidden: true },
] as const satisfies OptionTable;

function read(...pairs: [string | undefined, string][]) {
  const assignments = pairs.map(([key, value]) =>
    key === undefined ? { value: sourceText(value) } : assignment(key, value),
  );
  return parseOptions(table, assignments, 'f', silentLogger);
}

describe('parseOptions', () => {
  test('defaults', () => {
    const { values, given } = read();
    expect(values).toEqual({
      mode: 0,
      file: undefined,
      wait: true,
      share: 0.5,
      title: 'x',
      threads: undefined,
    });
    expect(given.size).toBe(0);
  });

  test('named values of every type; the last of a repeated option wins', () => {
    const { values, given } = read(
      ['mode', 'fast'],
      ['wait', 'off'],
      ['share', '.25'],
      ['file', 'a'],
      ['file', 'b'],
    );
    expect(values).toMatchObject({ mode: 7, wait: false, share: 0.25, file: 'b' });
    expect([...given.keys()]).toEqual(['mode', 'wait', 'share', 'file']);
    expect(given.get('file')?.value.text).toBe('b');
  });

  test('a value without a name goes to the option behind the last one', () => {
    expect(read([undefined, '3'], [undefined, 'a'], [undefined, '0']).values).toMatchObject({
      mode: 3,
      file: 'a',
      wait: false,
    });
    expect(read(['file', 'a'], [undefined, '0']).values).toMatchObject({ file: 'a', wait: false });
    expect(read(['path', 'a'], [undefined, '0']).values).toMatchObject({ file: 'a', wait: false });
    expect(read(['threads', '2'], [undefined, '3']).values).toMatchObject({ mode: 3 });
  });

  test('by-name and hidden options, and what is behind the last, take no value without a name', () => {
    for (const before of ['wait', 'title']) {
      const error = failure(() => read([before, '1'], [undefined, '0.1']));
      expect(error.code).toBe('EINVAL');
      expect(error.message).toContain("No option name near '0.1' in the options of f");
    }
  });

  test('an unknown option is named with the near ones and all', () => {
    const error = failure(() => read(['fiel', 'a']));
    expect(error.message).toContain(
      "Option 'fiel' of f not found: did you mean file? The options are mode, file, path, wait, share, title (at",
    );
    expect(error.details).toMatchObject({ option: 'fiel', filter: 'f', position: 0 });
  });

  test('a deprecated alias warns and sets the option', () => {
    const lines: string[] = [];
    const log: Logger = (level, message) => lines.push(`${level}: ${message}`);
    const { values, given } = parseOptions(table, [assignment('path', 'p')], 'f', log);
    expect(values.file).toBe('p');
    expect(given.has('file')).toBe(true);
    expect(lines).toEqual(["warning: Option 'path' of f is deprecated: write file"]);
  });

  test.each(['1', 'true', 'Y', 'yes', 'enable', 'enabled', 'ON', '01', '+1'])('bool %s is true', (word) => {
    expect(read(['wait', word]).values.wait).toBe(true);
  });

  test.each(['0', 'false', 'n', 'no', 'disable', 'disabled', 'off', '-0'])('bool %s is false', (word) => {
    expect(read(['wait', word]).values.wait).toBe(false);
  });

  test.each(['', 'maybe', '5', '-1', 'auto', '1x', '1.0'])('bool %j is refused', (word) => {
    expect(failure(() => read(['wait', word])).message).toContain(
      `Unable to parse option value "${word}" of wait as boolean: write wait=1 or wait=0`,
    );
  });

  test('numbers: constants, default, min, max, rounding of fractions to even', () => {
    for (const [word, value] of [
      ['max', 9],
      ['min', 0],
      ['default', 0],
      ['2.5', 2],
      ['3.5', 4],
      ['0x8', 8],
    ] as const) {
      expect(read(['mode', word]).values.mode).toBe(value);
    }
  });

  test('numbers out of range and words that are none', () => {
    expect(failure(() => read(['mode', '10'])).message).toContain(
      "Value 10 for parameter 'mode' out of range [0 - 9]: write a number in this range (default 0)",
    );
    expect(failure(() => read(['share', '-0.1'])).code).toBe('EINVAL');
    expect(failure(() => read(['mode', 'slow'])).message).toContain(
      'Unable to parse option value "slow" of mode: write one of fast, or a number',
    );
    expect(failure(() => read(['share', ''])).message).toContain('write a number');
  });
});

describe('option numbers', () => {
  test.each([
    ['1k', 1000],
    ['1Ki', 1024],
    ['2M', 2e6],
    ['1KiB', 8192],
    ['-3', -3],
    ['+4', 4],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['5m', 0.005],
    ['0xff', 255],
    [' 7 ', 7],
  ])('%s is %d', (text, value) => {
    expect(parseOptionNumber(text)).toBeCloseTo(value, 12);
  });

  test.each(['', ' ', 'x', '1x', '0x', '1 2', '.', 'nan', 'inf', '1+1', 'k'])('%j is none', (text) => {
    expect(parseOptionNumber(text)).toBeUndefined();
  });

  test('rounding', () => {
    expect([-1.5, -0.5, 0.5, 1.5, 2.4, 2.6].map(roundHalfToEven)).toEqual([-2, 0, 0, 2, 2, 3]);
  });

  test('near names', () => {
    expect(nearestNames('modle', ['mode', 'model', 'output'])).toEqual(['mode', 'model']);
    expect(nearestNames('zzz', ['mode'])).toEqual([]);
    expect(nearestNames('in', ['input', 'on'])).toEqual(['on']);
  });
});

describe('describeOptions', () => {
  test('ranges, defaults, constants and aliases, in the layout of ffmpeg -h', () => {
    const long = [...table, { name: 'n', type: 'int', default: 1, min: 0, max: intMax, help: 'n' }] as const;
    expect(describeOptions('f', long).split('\n')).toEqual([
      'f AVOptions:',
      '   mode              <int>        what to do (from 0 to 9) (default 0)',
      '     fast            7            quick',
      '   file              <string>     path',
      '   path              <string>     path (deprecated: write file)',
      '   wait              <boolean>    wait (default true)',
      '   share             <float>      share (from 0 to 1) (default 0.5)',
      '   title             <string>     title (default "x")',
      '   n                 <int>        n (from 0 to INT_MAX) (default 1)',
      '',
    ]);
  });
});
