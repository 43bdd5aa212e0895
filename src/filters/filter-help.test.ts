import { expect, test } from 'vitest';
import { filterHelp } from './filter-help.ts';

test('the help of a DNN filter names every option with its type and default', () => {
  const text = filterHelp(['-hide_banner', '-h', 'filter=dnn_processing']);
  expect(text).toContain('Filter dnn_processing');
  for (const option of ['dnn_backend', 'model', 'input', 'output', 'nireq', 'batch_size', 'async']) {
    expect(text).toMatch(new RegExp(`^ +${option} +<`, 'm'));
  }
});

test.each([[['-h']], [['-h', 'filter=scale']], [['-i', 'a', 'b']], [['-h', 'full']]])(
  '%j is left to ffmpeg',
  (args) => {
    expect(filterHelp(args)).toBeUndefined();
  },
);
