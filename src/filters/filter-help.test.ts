import { expect, test } from 'vitest';
import { filterHelp } from './filter-help.ts';

test('the help of a DNN filter names every option with its type and default', () => {
  const text = filterHelp(['-hide_banner', '-h', 'filter=dnn_processing']);
  expect(text).toContain('Filter dnn_processing');
  for (const option of ['dnn_backend', 'model', 'input', 'output', 'nireq', 'batch_size', 'async']) {
    expect(text).toMatch(new RegExp(`^ +${option} +<`, 'm'));
  }
});

test('the help of dnn_detect: the options of FFmpeg 5.1 in its order, then those of later versions and our own', () => {
  const text = filterHelp(['-h', 'filter=dnn_detect']) ?? '';
  expect(text).toContain('Filter dnn_detect\n  Apply DNN detect filter to the input.\n');
  const [own, others] = text.split('dnn_detect backend_configs AVOptions:');
  const names = own!.split('\n').map((line) => /^ {3}(\w+) +</.exec(line)?.[1]);
  expect(names.filter((name) => name !== undefined).join(' ')).toBe(
    'dnn_backend model input output backend_configs options async confidence labels ' +
      'model_type cell_w cell_h nb_classes anchors nms nms_threshold letterbox ' +
      'nireq batch_size device device_id threads_per_operation sess_config memory_budget on_error layout scale mean',
  );
  expect(text).toContain('(from INT_MIN to INT_MAX) (default openvino)');
  expect(text).toMatch(/^ {3}confidence +<float> +threshold of confidence \(from 0 to 1\) \(default 0.5\)$/m);
  for (const [name, value] of Object.entries({
    ssd: 0,
    yolo: 1,
    yolov3: 2,
    yolov4: 3,
    centernet: 4,
    blazeface: 5,
  })) {
    expect(text).toMatch(new RegExp(`^ {5}${name} +${value} `, 'm'));
  }
  expect(others).toContain('conv2d_threads');
});

test('the help of dnn_classify has its target behind confidence and labels', () => {
  expect(filterHelp(['-h', 'filter=dnn_classify'])).toMatch(
    / async .* confidence .* labels .* target .* nireq /s,
  );
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
