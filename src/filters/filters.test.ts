import { expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { describeOptions } from '../base/option-table-help.ts';
import { filtersOf } from '../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../filtergraph/parse-filtergraph.ts';
import type { DnnFilter } from './dnn-filter.ts';
import { dnnProcessing } from './dnn-processing.ts';
import { dnnFilterNames, findDnnFilter, isDnnFilter } from './filters.ts';

function find(text: string): DnnFilter {
  return findDnnFilter(filtersOf(parseFiltergraph(text)).at(-1)!);
}

test("all of FFmpeg's DNN filters are known by name", () => {
  expect([...dnnFilterNames].sort()).toEqual([
    'derain',
    'dnn_classify',
    'dnn_detect',
    'dnn_processing',
    'sr',
  ]);
  expect(isDnnFilter('sr')).toBe(true);
  expect(isDnnFilter('scale')).toBe(false);
});

test('dnn_processing is built in, also with an instance name', () => {
  expect(find('null,dnn_processing@big=1')).toBe(dnnProcessing);
});

test.each([
  ['sr', 'put scale=iw*2:ih*2:flags=bicubic before it'],
  ['sr', 'write dnn_processing=model='],
  ['derain', 'write format=rgb24,dnn_processing=model='],
  ['dnn_detect', 'this version has dnn_processing only'],
  ['dnn_classify', 'this version has dnn_processing only'],
])('%s is refused with what to write instead', (name, instead) => {
  let thrown: unknown;
  try {
    find(`null,${name}=model=a`);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(DnnError);
  const { code, message, details } = thrown as DnnError;
  expect(code).toBe('ENOSYS');
  expect(message).toContain(`Filter ${name} is not available yet`);
  expect(message).toContain(instead);
  expect(details.position).toBe(5);
});

test('any other name is no DNN filter', () => {
  expect(() => find('scale')).toThrow("No such DNN filter: 'scale'");
});

test('the help lists the options of ffmpeg -h filter=dnn_processing first, in its order', () => {
  const help = describeOptions(dnnProcessing.name, dnnProcessing.options);
  const names = help.split('\n').map((line) => /^ {3}(\w+) /.exec(line)?.[1]);
  expect(names.filter((name) => name !== undefined)).toEqual([
    'dnn_backend',
    'model',
    'input',
    'output',
    'backend_configs',
    'options',
    'async',
    'nireq',
    'batch_size',
    'device',
    'sess_config',
    'memory_budget',
    'on_error',
    'layout',
    'scale',
    'mean',
    'input_resizable',
  ]);
  expect(help).toContain('(from INT_MIN to INT_MAX) (default native)');
});
