import { describe, expect, test } from 'vitest';
import { failure } from '../base/errors.test-support.ts';
import type { DetectOptions } from '../dnn/contract/analytics-spec.ts';
import type { DNNBackendType } from '../dnn/contract/backends.ts';
import { filtersOf } from '../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../filtergraph/parse-filtergraph.ts';
import { pixelFormats } from '../frame/pixel-format.ts';
import { dnnDetect } from './dnn-detect.ts';
import type { AnalyticsContext } from './filter-context.ts';

const warnings: string[] = [];

function parse(
  text: string,
  availableBackends: readonly DNNBackendType[] = ['native', 'tensorflow'],
): AnalyticsContext {
  warnings.length = 0;
  return dnnDetect.parse(filtersOf(parseFiltergraph(text))[0]!, {
    availableBackends,
    log: (level, message) => {
      warnings.push(`${level}: ${message}`);
    },
  });
}

const base = 'dnn_detect=model=m.pb:input=x:output=y';

function detect(options = ''): DetectOptions {
  const { analytics } = parse(`${base}${options}`);
  if (analytics.kind !== 'detect') throw new Error('these are no options of detection');
  return analytics;
}

describe('options', () => {
  test('the least that is needed, and the defaults', () => {
    expect(parse(base)).toEqual({
      backendType: 'tensorflow',
      model: 'm.pb',
      input: 'x',
      outputs: ['y'],
      nireq: 0,
      async: true,
      batchSize: 0,
      onError: 'fail',
      analytics: {
        kind: 'detect',
        modelType: 'ssd',
        confidence: 0.5,
        labels: [],
        cellW: 0,
        cellH: 0,
        nbClasses: 0,
        anchors: [],
        nms: 'none',
        nmsThreshold: 0.5,
      },
      wish: {},
    });
    expect(warnings).toEqual([]);
  });

  test("the command line of FFmpeg's documentation", () => {
    expect(
      parse(
        'dnn_detect=dnn_backend=tensorflow:model=ssd.pb:input=image_tensor:' +
          'output=num_detections&detection_scores&detection_classes&detection_boxes:confidence=0.6:labels=coco.names',
      ),
    ).toMatchObject({
      backendType: 'tensorflow',
      outputs: ['num_detections', 'detection_scores', 'detection_classes', 'detection_boxes'],
      labels: 'coco.names',
      analytics: { confidence: 0.6, nmsThreshold: 0.6, labels: [] },
    });
  });

  test('a yolov3 command line of newer versions', () => {
    expect(
      detect(':model_type=yolov3:nb_classes=80:anchors=116&90&156&198&373&326:confidence=0.3'),
    ).toMatchObject({
      modelType: 'yolov3',
      nbClasses: 80,
      anchors: [116, 90, 156, 198, 373, 326],
      nms: 'label',
      nmsThreshold: 0.3,
    });
  });

  test('values without names, as FFmpeg 5.1 assigns them', () => {
    expect(parse('dnn_detect=1:m.pb:x:y:backend_configs=nireq=2:1:0.25:names.txt')).toMatchObject({
      backendType: 'tensorflow',
      nireq: 2,
      labels: 'names.txt',
      analytics: { confidence: 0.25 },
    });
  });

  test.each(['ssd', 'yolo', 'yolov3', 'yolov4', 'centernet', 'blazeface'])('model_type=%s', (name) => {
    const numbers = { ssd: 0, yolo: 1, yolov3: 2, yolov4: 3, centernet: 4, blazeface: 5 };
    const rest = ':anchors=1&2:cell_w=3:cell_h=4:nb_classes=5';
    expect(detect(`:model_type=${name}${rest}`)).toEqual(
      detect(`:model_type=${numbers[name as keyof typeof numbers]}${rest}`),
    );
    expect(detect(`:model_type=${name}${rest}`)).toMatchObject({ modelType: name, cellW: 3, cellH: 4 });
  });

  test('nms follows the model type, unless it is given', () => {
    expect(detect(':model_type=centernet').nms).toBe('none');
    expect(detect(':model_type=blazeface').nms).toBe('sequential');
    expect(detect(':model_type=yolov4:anchors=1&1:nb_classes=1').nms).toBe('label');
    for (const name of ['none', 'label', 'sequential'] as const) {
      expect(detect(`:model_type=blazeface:nms=${name}`).nms).toBe(name);
    }
    expect(detect(':nms=auto').nms).toBe('none');
    expect(detect(':nms_threshold=0:confidence=0.7')).toMatchObject({ confidence: 0.7, nmsThreshold: 0 });
  });

  test('the backend, where it is given', () => {
    for (const name of ['native', 'tensorflow'] as const) {
      const context = parse(`${base}:dnn_backend=${name}`);
      expect(context.backendType).toBe(name);
      expect(context.dnnBackend).toBe(name);
    }
    expect(failure(() => parse(`${base}:dnn_backend=torch`)).code).toBe('ENOSYS');
    expect(parse(base, ['native']).backendType).toBe('native');
  });

  test('layout, scale and mean on the filter and in backend_configs', () => {
    const expected = { layout: 'nchw', scale: 127.5, mean: 100 };
    expect(parse(`${base}:layout=nchw:scale=127.5:mean=100`)).toMatchObject(expected);
    expect(
      parse(`${base}:backend_configs=layout=nchw&scale=127.5&mean=100&device=CPU&batch_size=2`),
    ).toMatchObject({ ...expected, batchSize: 2 });
    expect(warnings).toEqual([]);
    expect(parse(`${base}:mean=1:backend_configs=mean=2&scale=3`)).toMatchObject({ mean: 1, scale: 3 });
    expect(warnings).toHaveLength(1);
    const plain = parse(`${base}:layout=none:scale=0:mean=0`);
    expect(plain.mean).toBe(0);
    for (const name of ['layout', 'scale']) expect(plain).not.toHaveProperty(name);
    expect(parse(`${base}:layout=nhwc`).layout).toBe('nhwc');
  });

  test.each([
    [':confidence=1.5', "Value 1.5 for parameter 'confidence' out of range [0 - 1]"],
    [':nms_threshold=2', "Value 2 for parameter 'nms_threshold' out of range [0 - 1]"],
    [':model_type=14', "Value 14 for parameter 'model_type' out of range [0 - 13]"],
    [
      ':model_type=yolov9',
      'write one of ssd, yolo, yolov3, yolov4, centernet, blazeface, yolov5, yolov8, yolo_end2end, yolox',
    ],
    [
      ':model_type=yolov3:nb_classes=1',
      "Option 'anchors' of dnn_detect is missing, model_type=yolov3 needs it",
    ],
    [':model_type=yolov4:anchors=1&2', "Option 'nb_classes' of dnn_detect is missing"],
    [':model_type=yolo:anchors=1&2:nb_classes=1', "Option 'cell_w' of dnn_detect is missing"],
    [':model_type=yolo:anchors=1&2:nb_classes=1:cell_w=13', "Option 'cell_h' of dnn_detect is missing"],
    [':anchors=1&&2', "'' in option 'anchors' of dnn_detect is no anchor"],
    [':anchors=1&x', "'x' in option 'anchors' of dnn_detect is no anchor"],
    [':anchors=1&-2', "'-2' in option 'anchors'"],
    [':anchors=', "'' in option 'anchors'"],
    [':anchors=1e40', "'1e40' in option 'anchors'"],
    [':backend_configs=scales=1', 'did you mean scale?'],
    [':target=face', "Option 'target' of dnn_detect not found"],
  ])('%s is refused', (options, message) => {
    const error = failure(() => parse(`${base}${options}`));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain(message);
  });

  test('errors point into the text', () => {
    const text = `${base}:anchors=1&2&zero`;
    expect(failure(() => parse(text)).details).toMatchObject({
      position: text.indexOf('zero'),
      option: 'anchors',
    });
    const type = `${base}:model_type=yolov3`;
    expect(failure(() => parse(type)).details.position).toBe(type.indexOf('yolov3'));
  });

  test('enable is refused', () => {
    const error = failure(() => parse(`${base}:enable=1`));
    expect(error.code).toBe('ENOSYS');
    expect(error.message).toContain("not supported with filter 'dnn_detect'");
  });
});

describe('links', () => {
  const context = parse(base);

  test.each(pixelFormats)('%s goes in and out unchanged, whatever the size of the model', (format) => {
    const link = { format, width: 33, height: 21 };
    dnnDetect.configInput(context, link, { dims: [1, 300, 300, 3], dtype: 'float32' });
    expect(dnnDetect.configOutput(context, link, { width: 7, height: 1, channels: 100 })).toEqual(link);
  });

  test('a model that takes no pixels', () => {
    const link = { format: 'rgb24', width: 33, height: 21 } as const;
    const error = failure(() => {
      dnnDetect.configInput(context, link, { dims: [1, -1, -1, 4], dtype: 'float32' });
    });
    expect(error.code).toBe('EIO');
    expect(error.message).toContain('dnn_detect: the input of the model m.pb is [1, -1, -1, 4]');
  });
});
