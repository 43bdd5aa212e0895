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

test.each([[['-h']], [['-h', 'filter=scale']], [['-i', 'a', 'b']], [['-h', 'full']]])(
  '%j is left to ffmpeg',
  (args) => {
    expect(filterHelp(args)).toBeUndefined();
  },
);
