import { expect, test } from 'vitest';
import { filterHelp } from './filter-help.ts';

test('the help of a DNN filter names every option with its type and default', () => {
  const text = filterHelp(['-hide_banner', '-h', 'filter=dnn_processing']);
  expect(text).toContain('Filter dnn_processing');
  for (const option of ['dnn_backend', 'model', 'input', 'output', 'nireq', 'batch_size', 'async']) {
    expect(text).toMatch(new RegExp(`^ +${option} +<`, 'm'));
  }
});

test('and the options that stand in backend_configs only', () => {
  const text = filterHelp(['-h', 'filter=dnn_processing']) ?? '';
  const [own, others] = text.split('dnn_processing backend_configs AVOptions:');
  for (const option of ['conv2d_threads', 'kernels']) {
    const line = new RegExp(`^ +${option} +<int>`, 'm');
    expect(own).not.toMatch(line);
    expect(others).toMatch(line);
  }
  expect(others).not.toContain(' nireq ');
});

test('the help of sr and derain: their own options first, and the timeline where there is one', () => {
  const help = (name: string): string => filterHelp(['-h', `filter=${name}`]) ?? '';
  const own = (name: string): string[] =>
    Array.from(help(name).matchAll(/^ {3}(\w+) /gm), ([, word]) => word!);
  expect(own('sr').slice(0, 6)).toEqual([
    'dnn_backend',
    'scale_factor',
    'model',
    'input',
    'output',
    'backend_configs',
  ]);
  expect(own('derain').slice(0, 5)).toEqual(['filter_type', 'dnn_backend', 'model', 'input', 'output']);
  expect(help('sr')).toContain('(from 2 to 4) (default 2)');
  expect(help('derain')).toContain('Pixel formats: rgb24\n');
  const timeline = "\nThis filter has support for timeline through the 'enable' option.\n";
  expect(help('derain').endsWith(timeline)).toBe(true);
  expect(help('sr')).not.toContain('timeline');
});

test.each([[['-h']], [['-h', 'filter=scale']], [['-i', 'a', 'b']], [['-h', 'full']]])(
  '%j is left to ffmpeg',
  (args) => {
    expect(filterHelp(args)).toBeUndefined();
  },
);
