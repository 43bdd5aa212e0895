import { expect, test } from 'vitest';
import { describeOptions } from '../base/option-table-help.ts';
import { filtersOf } from '../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../filtergraph/parse-filtergraph.ts';
import { dnnClassify } from './dnn-classify.ts';
import { dnnDetect } from './dnn-detect.ts';
import type { DnnFilter } from './dnn-filter.ts';
import { derain } from './derain.ts';
import { dnnProcessing } from './dnn-processing.ts';
import { drawbox } from './draw/drawbox.ts';
import { drawtext } from './draw/drawtext.ts';
import { dnnFilterNames, drawsDetections, findDnnFilter, findDrawingFilter, isDnnFilter } from './filters.ts';
import { sr } from './sr.ts';

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

test('filters that are built in, also with an instance name', () => {
  expect(find('null,dnn_processing@big=1')).toBe(dnnProcessing);
  expect(find('dnn_detect=model=a,null,dnn_detect')).toBe(dnnDetect);
  expect(find('dnn_classify@emotion')).toBe(dnnClassify);
  expect(find('null,sr')).toBe(sr);
  expect(find('derain@a=model=b')).toBe(derain);
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
    'device_id',
    'threads_per_operation',
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

test.each([
  ['drawbox=box_source=side_data_detection_bboxes', drawbox],
  ['drawbox@boxes=color=red:box_source=side_data_detection_bboxes:t=2', drawbox],
  ["drawbox=color=red : box_source='side_data_detection_bboxes'", drawbox],
  ['drawbox=box_source=none:box_source=side_data_detection_bboxes', drawbox],
  ['drawbox=box_source=side_data_detection_bboxes:colr=red', drawbox],
  ['drawtext=fontsize=20:text_source=side_data_detection_bboxes', drawtext],
  ['drawtext=text_source=side_data\\\\_detection_bboxes', drawtext],
])('%s draws detections', (text, filter) => {
  const node = filtersOf(parseFiltergraph(`null,${text}`))[1]!;
  expect(findDrawingFilter(node)).toBe(filter);
  expect(drawsDetections(node)).toBe(true);
  expect(isDnnFilter(node.name.text)).toBe(false);
});

test.each([
  'drawbox',
  'drawbox=1:2:3:4',
  'drawbox=box_source=other',
  'drawbox=box_source=side_data_detection_bboxes:box_source=other',
  'drawbox=text_source=side_data_detection_bboxes',
  'drawbox=color=side_data_detection_bboxes',
  "drawtext=text='text_source=side_data_detection_bboxes'",
  'drawtext=text=a:box_source=side_data_detection_bboxes',
  'drawgrid=box_source=side_data_detection_bboxes',
])('%s stays ffmpeg’s', (text) => {
  expect(drawsDetections(filtersOf(parseFiltergraph(text))[0]!)).toBe(false);
});
