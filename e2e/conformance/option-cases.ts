/**
 * Every option: what the filter makes of it, by FFmpeg's tables, and whether stock ffmpeg's own filter takes
 * the same words. `{}` stands for the filter's name and what it needs.
 */
import { dnnFilterNames } from '../../src/filters/filters.ts';

export interface OptionCase {
  readonly rows: readonly string[];
  readonly filter: string;
  /** Options behind the model, each with its colon. */
  readonly options: string;
  /** Parts of the context that the options become; undefined for what is left out of it. */
  readonly gives?: Readonly<Record<string, unknown>>;
  /** Code of the refusal, and words of it. */
  readonly refused?: readonly [code: string, ...words: string[]];
  /** A word of a warning. */
  readonly warns?: string;
  /** What stock ffmpeg's own filter says to the same words, where it has the filter and the option. */
  readonly stock?: 'takes' | 'refuses';
  /** The whole text of the options, where what the filter needs is not to be put before them. */
  readonly whole?: boolean;
}

type Short = readonly [
  options: string,
  gives: Readonly<Record<string, unknown>>,
  rows: readonly string[],
  stock?: 'takes' | 'refuses',
];

/** Options that each filter has, the rows without their filter. */
const common: readonly Short[] = [
  ['', { model: 'm.model', input: 'x', outputs: ['y'] }, ['model', 'input', 'output'], 'takes'],
  [':dnn_backend=native', { backendType: 'native' }, ['dnn_backend', 'dnn_backend=native'], 'takes'],
  [':dnn_backend=0', { backendType: 'native' }, ['dnn_backend=native'], 'takes'],
  [':dnn_backend=tensorflow', { backendType: 'tensorflow' }, ['dnn_backend', 'dnn_backend=tensorflow']],
  [':dnn_backend=1', { backendType: 'tensorflow' }, ['dnn_backend=tensorflow']],
  [':async=0', { async: false }, ['async']],
  [':async=1', { async: true }, ['async']],
  [':nireq=3', { nireq: 3 }, ['nireq']],
  [':batch_size=7', { batchSize: 7 }, ['batch_size']],
  [':device=cpu', { device: 'cpu' }, ['device']],
  [':device_id=0', {}, ['device_id']],
  [':threads_per_operation=2', {}, ['threads_per_operation']],
  [':sess_config=0x10', { sessConfig: '0x10' }, ['sess_config']],
  [':memory_budget=3', { memoryBudget: 3 * 2 ** 20 }, ['memory_budget']],
  [':on_error=fail', { onError: 'fail' }, ['on_error', 'on_error=fail']],
  [':on_error=passthrough', { onError: 'passthrough' }, ['on_error', 'on_error=passthrough']],
  [':on_error=2', { onError: 'drop' }, ['on_error', 'on_error=drop']],
  [':on_error=drop', { onError: 'drop' }, ['on_error=drop']],
  [':backend_configs=nireq=2&async=0', { nireq: 2, async: false }, ['backend_configs']],
];

/** Options that every filter of ffmpeg has. */
const generic: readonly Short[] = [
  [':threads=2', {}, ['threads'], 'takes'],
  [':thread_type=slice', {}, ['thread_type'], 'takes'],
  [':extra_hw_frames=2', {}, ['extra_hw_frames'], 'takes'],
];

/** Those of the filters that take pixels in other ways than 0..1. */
const layoutOptions: readonly Short[] = [
  [':layout=none', { layout: undefined }, ['layout', 'layout=none']],
  [':layout=nchw', { layout: 'nchw' }, ['layout=nchw']],
  [':layout=nhwc', { layout: 'nhwc' }, ['layout=nhwc']],
  [':layout=1', { layout: 'nchw' }, ['layout=nchw']],
];

const pixelOptions: readonly Short[] = [
  [':scale=127.5', { scale: 127.5 }, ['scale']],
  [':mean=-3', { mean: -3 }, ['mean']],
];

/** Whether stock ffmpeg.wasm has the filter at all: its core has no backend for the other two. */
const inStock = new Set(['dnn_processing', 'sr', 'derain']);

function casesOf(filter: string, list: readonly Short[]): OptionCase[] {
  return list.map(([options, gives, rows, stock]) => ({
    rows: rows.map((row) => `option:${filter}.${row}`),
    filter,
    options,
    gives,
    ...(stock === undefined || !inStock.has(filter) ? {} : { stock }),
  }));
}

/** Keys of `backend_configs`, in dnn_processing. */
const configs: readonly Short[] = [
  ['nireq=4', { nireq: 4 }, ['nireq']],
  ['async=0', { async: false }, ['async'], 'takes'],
  ['async=1', { async: true }, ['async'], 'takes'],
  ['batch_size=1000', { batchSize: 1000 }, ['batch_size']],
  ['device=CPU', { device: 'CPU' }, ['device']],
  ['sess_config=0x01', { sessConfig: '0x01' }, ['sess_config']],
  ['memory_budget=1', { memoryBudget: 2 ** 20 }, ['memory_budget']],
  ['on_error=fail', { onError: 'fail' }, ['on_error', 'on_error=fail']],
  ['on_error=passthrough', { onError: 'passthrough' }, ['on_error=passthrough']],
  ['on_error=drop', { onError: 'drop' }, ['on_error=drop']],
  ['conv2d_threads=2', { conv2dThreads: 2 }, ['conv2d_threads'], 'takes'],
  ['conv2d_threads=-1', { conv2dThreads: undefined }, ['conv2d_threads'], 'takes'],
  ...(['auto', 'simd', 'relaxed', 'direct', 'winograd'] as const).map((word): Short => [
    `kernels=${word}`,
    { kernels: word },
    ['kernels', `kernels=${word}`],
  ]),
  ...(['auto', 'native', 'ort'] as const).map((word): Short => [
    `engine=${word}`,
    { engine: word },
    ['engine', `engine=${word}`],
  ]),
  ['device_id=1', {}, ['device_id']],
  ['threads_per_operation=1', {}, ['threads_per_operation']],
  ['layout=none', { layout: undefined }, ['layout', 'layout=none']],
  ['layout=nchw', { layout: 'nchw' }, ['layout=nchw']],
  ['layout=nhwc', { layout: 'nhwc' }, ['layout=nhwc']],
  ['scale=255', {}, ['scale']],
  ['mean=0', { mean: 0 }, ['mean']],
  ['input_resizable=1', { inputResizable: true }, ['input_resizable']],
];

const configCases: readonly OptionCase[] = configs.map(([text, gives, rows, stock]) => ({
  rows: [...rows.map((row) => `config:${row}`), 'option:dnn_processing.backend_configs'],
  filter: 'dnn_processing',
  options: `:backend_configs=${text}`,
  gives,
  ...(stock === undefined ? {} : { stock }),
}));

const processingCases: readonly OptionCase[] = [
  ...casesOf('dnn_processing', layoutOptions),
  ...casesOf('dnn_processing', [
    [':options=async=0', { async: false }, ['options'], 'takes'],
    [':scale=255', {}, ['scale']],
    [':mean=0', { mean: 0 }, ['mean']],
    [':input_resizable=1', { inputResizable: true }, ['input_resizable']],
  ]),
  {
    rows: ['bug:async-ignored'],
    filter: 'dnn_processing',
    options: ':async=0:backend_configs=async=1',
    gives: { async: false },
    warns: 'async is given both',
    stock: 'takes',
  },
  {
    rows: ['option:dnn_processing.model', 'option:dnn_processing.input', 'option:dnn_processing.output'],
    filter: 'dnn_processing',
    options: 'native:m.model:x:y:async=0:1',
    whole: true,
    refused: ['EINVAL', 'No option name'],
  },
  {
    rows: ['option:dnn_processing.model', 'option:dnn_processing.input', 'option:dnn_processing.output'],
    filter: 'dnn_processing',
    options: 'native:m.model:x:y:async=0',
    whole: true,
    gives: { backendType: 'native', model: 'm.model', input: 'x', outputs: ['y'], async: false },
  },
  ...(
    [
      ["output=' y '", ['y'], ['names:blanks']],
      ["output=a&b' '", ['a', 'b'], ['names:several', 'names:blanks']],
      ["output='y\\\\&z'", ['y&z'], ['names:quotes']],
      ['output=y\\\\\\\\&z', ['y&z'], ['names:quotes']],
      ['output=a&b&c&d', ['a', 'b', 'c', 'd'], ['names:several', 'bug:four-names']],
    ] as const
  ).map(([text, outputs, rows]) => ({
    rows,
    filter: 'dnn_processing',
    options: `model=m.model:input=x:${text}`,
    whole: true,
    gives: { outputs },
  })),
];

const analytics = (part: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  analytics: part,
});

const analyticsCases: readonly OptionCase[] = ['dnn_detect', 'dnn_classify'].flatMap((filter) => [
  ...casesOf(filter, layoutOptions),
  ...casesOf(filter, pixelOptions),
  ...casesOf(filter, [
    [':options=async=0', { async: false }, ['options']],
    [':confidence=0.25', analytics({ confidence: 0.25 }), ['confidence']],
    [':labels=l.txt', { labels: 'l.txt' }, ['labels']],
  ]),
]);

const yolo = ':anchors=1&2.5:nb_classes=3:cell_w=4:cell_h=5';

const detectCases: readonly OptionCase[] = [
  ...casesOf('dnn_detect', [
    [':model_type=ssd', analytics({ modelType: 'ssd' }), ['model_type', 'model_type=ssd']],
    [`:model_type=yolo${yolo}`, analytics({ modelType: 'yolo', cellW: 4, cellH: 5 }), ['model_type=yolo']],
    [`:model_type=1${yolo}`, analytics({ anchors: [1, 2.5], nbClasses: 3 }), ['anchors', 'nb_classes']],
    [`:model_type=yolov3${yolo}`, analytics({ modelType: 'yolov3' }), ['model_type=yolov3', 'cell_w']],
    [`:model_type=3${yolo}`, analytics({ modelType: 'yolov4' }), ['model_type=yolov4', 'cell_h']],
    [':model_type=centernet', analytics({ modelType: 'centernet' }), ['model_type=centernet']],
    [':model_type=blazeface', analytics({ modelType: 'blazeface' }), ['model_type=blazeface']],
    ...(
      [
        ['yolov5', 0.25, 'sequential'],
        ['yolov8', 0.25, 'sequential'],
        ['yolo_end2end', 0.25, 'none'],
        ['yolox', 0.3, 'sequential'],
        ['nanodet', 0.35, 'sequential'],
        ['yunet', 0.9, 'sequential'],
        ['ultraface', 0.7, 'sequential'],
        ['mediapipe_ssd', 0.5, 'sequential'],
      ] as const
    ).map(([modelType, confidence, nms]): Short => [
      `:model_type=${modelType}`,
      analytics({ modelType, confidence, nms }),
      [`model_type=${modelType}`],
    ]),
    [':letterbox=1', { wish: { letterbox: true } }, ['letterbox']],
    [':nms=auto', analytics({ nms: 'none' }), ['nms', 'nms=auto']],
    [`:model_type=yolov3${yolo}`, analytics({ nms: 'label', nmsThreshold: 0.5 }), ['nms=auto']],
    [':nms=none', analytics({ nms: 'none' }), ['nms=none']],
    [':nms=label', analytics({ nms: 'label' }), ['nms=label']],
    [':nms=sequential', analytics({ nms: 'sequential' }), ['nms=sequential']],
    [':nms_threshold=0.75', analytics({ nmsThreshold: 0.75, confidence: 0.5 }), ['nms_threshold']],
  ]),
  ...casesOf('dnn_classify', [[':target=Face', analytics({ target: 'Face' }), ['target']]]),
];

const ownCases: readonly OptionCase[] = [
  ...[2, 3, 4].map((factor) => ({
    rows: ['option:sr.scale_factor'],
    filter: 'sr',
    options: `:scale_factor=${factor}`,
    gives: { scaleFactor: factor },
    stock: 'takes' as const,
  })),
  ...casesOf('derain', [
    [':filter_type=derain', {}, ['filter_type', 'filter_type=derain'], 'takes'],
    [':filter_type=dehaze', {}, ['filter_type=dehaze'], 'takes'],
    [":enable='between(t,0,9)'", {}, ['enable'], 'takes'],
  ]),
  // Their names have defaults in FFmpeg 5.1.
  ...['sr', 'derain'].map((filter) => ({
    rows: [`option:${filter}.input`, `option:${filter}.output`],
    filter,
    options: 'model=m.model',
    whole: true,
    gives: { input: 'x', outputs: ['y'] },
    stock: 'takes' as const,
  })),
  ...['sr', 'derain'].map((filter) => ({
    rows: [`option:${filter}.options`],
    filter,
    options: ':options=async=0',
    gives: { async: false },
  })),
];

const refusals: readonly OptionCase[] = dnnFilterNames.flatMap((filter): OptionCase[] => {
  const inFilter = (
    options: string,
    row: string,
    refused: readonly [string, ...string[]],
    more: Partial<OptionCase> = {},
  ): OptionCase => ({ rows: [`error:${row}`], filter, options, refused, ...more });
  const stock = inStock.has(filter) ? ({ stock: 'refuses' } as const) : {};
  return [
    inFilter(':nosuch=1', 'option-unknown', ['EINVAL', 'nosuch'], stock),
    inFilter(':dnn_backend=magic', 'option-value', ['EINVAL', 'magic', 'native, tensorflow'], stock),
    inFilter(':async=maybe', 'option-bool', ['EINVAL', 'maybe', 'boolean'], stock),
    inFilter(':nireq=-1', 'option-range', ['EINVAL', 'nireq', 'out of range'], stock),
    inFilter(':batch_size=1001', 'option-range', ['EINVAL', 'batch_size', '1000'], stock),
    inFilter(':backend_configs=nosuch=1', 'config-unknown', ['EINVAL', 'nosuch'], stock),
    inFilter(':backend_configs=7', 'config-keyless', ['EINVAL', '7'], stock),
    inFilter(':dnn_backend=77', 'backend-number', ['EINVAL', '77'], stock),
    inFilter(':dnn_backend=torch', 'backend-not-built', ['ENOSYS', 'torch'], {
      ...stock,
      rows: ['error:backend-not-built', `option:${filter}.dnn_backend=torch`],
    }),
    inFilter('input=x:output=y', 'model-missing', ['EINVAL', "'model'"], { ...stock, whole: true }),
    // sr and derain have names of their own, and detectors are asked for theirs.
    ...(filter !== 'dnn_processing'
      ? []
      : [
          inFilter('model=m.model:output=y', 'input-missing', ['EINVAL', "'input'"], {
            ...stock,
            whole: true,
          }),
          inFilter('model=m.model:input=x', 'output-missing', ['EINVAL', "'output'"], {
            ...stock,
            whole: true,
          }),
        ]),
    ...(filter === 'derain'
      ? []
      : [
          inFilter(":enable='gt(t,1)'", 'enable', ['ENOSYS', 'enable'], {
            ...stock,
            rows: ['error:enable', `option:${filter}.enable`],
          }),
        ]),
    inFilter('model=m.model:input=x:output=a&b&c&d&e', 'names-many', ['EINVAL', 'than 4'], { whole: true }),
    inFilter('model=m.model:input=x:output=a&&b', 'names-empty', ['EINVAL', 'empty name'], { whole: true }),
  ];
});

const otherRefusals: readonly OptionCase[] = [
  {
    rows: ['error:option-nameless'],
    filter: 'dnn_detect',
    options: 'native:m.model:x:y:async=0:1:0.5:l:ssd',
    whole: true,
    refused: ['EINVAL', 'No option name', 'ssd'],
  },
  ...(
    [
      [':model_type=yolov3:nb_classes=1', 'detect-anchors', 'anchors'],
      [':model_type=yolo:nb_classes=1:anchors=1&2:cell_w=3', 'detect-cells', 'cell_h'],
      [':model_type=yolo:nb_classes=1:anchors=1&2:cell_h=3', 'detect-cells', 'cell_w'],
      [':model_type=yolov4:anchors=1&2', 'detect-classes', 'nb_classes'],
      [':model_type=yolov4:nb_classes=1:anchors=1&-2', 'detect-anchors-value', '-2'],
      [':model_type=yolov4:nb_classes=1:anchors=1&b', 'detect-anchors-value', 'b'],
      [':confidence=1.5', 'option-range', 'confidence'],
    ] as const
  ).map(([options, row, word]): OptionCase => ({
    rows: [`error:${row}`],
    filter: 'dnn_detect',
    options,
    refused: ['EINVAL', word],
  })),
  {
    rows: ['error:detect-names'],
    filter: 'dnn_detect',
    options: 'model=m.model:input=x:output=a&b&c&d&e',
    whole: true,
    refused: ['EINVAL', 'than 4'],
  },
  ...[':scale=2', ':mean=1', ':scale=255:mean=1'].map((options): OptionCase => ({
    rows: ['error:pixel-scale', 'option:dnn_processing.scale', 'option:dnn_processing.mean'],
    filter: 'dnn_processing',
    options,
    refused: ['ENOSYS', '0 to 1'],
  })),
  ...[1, 5].map((factor): OptionCase => ({
    rows: ['error:option-range', 'option:sr.scale_factor'],
    filter: 'sr',
    options: `:scale_factor=${factor}`,
    refused: ['EINVAL', 'scale_factor', '[2 - 4]'],
    stock: 'refuses',
  })),
];

export const optionCases: readonly OptionCase[] = [
  ...dnnFilterNames.flatMap((filter) => [...casesOf(filter, common), ...casesOf(filter, generic)]),
  ...dnnFilterNames.flatMap((filter) =>
    ['openvino', 'onnx'].map((backend): OptionCase => ({
      rows: [`option:${filter}.dnn_backend=${backend}`],
      filter,
      options: `:dnn_backend=${backend}`,
      gives: {},
      // What they mean is another file's matter; the words are read.
      ...(inStock.has(filter) ? { stock: 'refuses' as const } : {}),
    })),
  ),
  ...configCases,
  ...processingCases,
  ...analyticsCases,
  ...detectCases,
  ...ownCases,
  ...refusals,
  ...otherRefusals,
];
