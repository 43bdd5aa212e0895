/**
 * Every form of detection outputs, on constant graphs whose boxes are worked out by hand. Frames are 100x80.
 */
import { pixelFormats } from '../../src/frame/pixel-format.ts';
import { constantModel, type ConstantOutput } from '../detection-models.ts';
import type { Box, DetectionCase } from './detection-case.ts';

function detect(
  title: string,
  rows: readonly string[],
  outputs: readonly ConstantOutput[],
  options: string,
  boxes: readonly Box[],
  more: Partial<DetectionCase> = {},
): DetectionCase {
  const names = outputs.map(({ name }) => name).join('&');
  return {
    title,
    rows,
    filters: `dnn_detect=model=m.pb:input=x:output=${names}${options}`,
    files: { 'm.pb': constantModel(outputs), ...more.files },
    boxes,
    ...('refused' in more ? { refused: more.refused } : {}),
    ...('format' in more ? { format: more.format } : {}),
  };
}

/** Image 0, label, confidence, x0, y0, x1, y1. */
const seven = (...rows: readonly (readonly number[])[]): ConstantOutput => ({
  name: 'out',
  shape: [1, 1, rows.length, 7],
  values: rows.flatMap((row) => [0, ...row]),
});

const unsorted = [
  [1, 0.25, 0, 0, 0.5, 0.5],
  [2, 0.98765, 0.333, 0.1, 0.667, 0.6],
  [1, 0.125, 0.1, 0.1, 0.2, 0.2],
  [0, 0.5, 0.5, 0.5, 0.75, 1],
] as const;

const ssdCases: readonly DetectionCase[] = [
  ...['', ':dnn_backend=native', ':dnn_backend=tensorflow'].map((backend) =>
    detect(
      `[1,1,N,7] ${backend}`,
      [
        'detect:ssd-7',
        'detect:unsorted',
        'detect:threshold',
        'detect:confidence',
        'detect:truncation',
        'detect:unchanged',
        'bug:box-slot',
      ],
      [seven(...unsorted)],
      backend,
      [
        ['2', 9876, 33, 8, 33, 40],
        ['0', 5000, 50, 40, 25, 40],
      ],
    ),
  ),
  detect('a threshold of 0.25', ['option:dnn_detect.confidence'], [seven(...unsorted)], ':confidence=0.25', [
    ['1', 2500, 0, 0, 50, 40],
    ['2', 9876, 33, 8, 33, 40],
    ['0', 5000, 50, 40, 25, 40],
  ]),
  detect('no box', ['detect:no-box', 'detect:threshold'], [seven([1, 0.2, 0, 0, 1, 1])], '', []),
  detect(
    'beyond the frame, and crossed',
    ['detect:clamp'],
    [seven([1, 1, -5, -0.5, 9, 0.5], [1, 1, 0.75, 0.75, 0.25, 0.5])],
    '',
    [
      ['1', 10000, -100, -40, 300, 80],
      ['1', 10000, 75, 60, 0, 0],
    ],
  ),
  detect('labels that are no ids', ['labels:missing'], [seven([-3, 1, 0, 0, 0.5, 0.5])], '', [
    ['-1', 10000, 0, 0, 50, 40],
  ]),
];

const pixels: ConstantOutput = {
  name: 'boxes',
  shape: [1, 1, 2, 5],
  values: [10, 20, 50, 60, 0.75, 5, 5, 95, 75, 0.5],
};
const ids: ConstantOutput = { name: 'labels', shape: [1, 1, 1, 2], values: [3, 1] };

const severalOutputs: readonly DetectionCase[] = [
  ...[
    [pixels, ids],
    [ids, pixels],
  ].map((outputs, order) =>
    detect(`[1,1,N,5] and labels, order ${order}`, ['detect:ssd-5'], outputs, '', [
      ['3', 7500, 10, 20, 40, 40],
      ['1', 5000, 5, 5, 90, 70],
    ]),
  ),
  detect(
    'four outputs, of three boxes two count',
    ['detect:tf-4', 'detect:unsorted', 'bug:box-slot', 'bug:four-names'],
    [
      { name: 'num', shape: [1], values: [3] },
      { name: 'scores', shape: [1, 4], values: [0.25, 0.75, 0.5, 1] },
      { name: 'classes', shape: [1, 4], values: [7, 8, 9, 10] },
      {
        name: 'boxes',
        shape: [1, 4, 4],
        values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.25, 0.875, 0.75, 0.25, 0, 0.5, 0.5, 0, 0, 1, 1],
      },
    ],
    '',
    [
      ['8', 7500, 25, 40, 50, 30],
      ['9', 5000, 0, 20, 50, 20],
    ],
  ),
];

/** A YOLO output with these parts of a box at these places; all others are 0. */
function yoloOutput(
  name: string,
  shape: readonly number[],
  places: readonly (readonly [start: number, step: number, parts: readonly number[]])[],
): ConstantOutput {
  const values = Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => 0);
  for (const [start, step, parts] of places)
    for (const [index, part] of parts.entries()) values[start + index * step] = part;
  return { name, shape, values };
}

/** 2x2 cells, 2 classes, so 7 values with a step of 4: cell 1 is (1, 0), cell 2 (0, 1). */
const gridOutput = yoloOutput(
  'out',
  [1, 28],
  [
    [1, 4, [0.5, 0.5, 0, 0, 1, 0.25, 0.75]],
    [2, 4, [0.25, 0.75, 0, 0, 0.5, 1, 0.5]],
  ],
);
const v1 = ':model_type=yolo:cell_w=2:cell_h=2:nb_classes=2';

/** 3x1 cells, 2 classes: boxes of 60x72 at x = 0, 12 and 30, of confidence 1, 0.75 and 0.5. */
function row(third: readonly [number, number]): ConstantOutput {
  return yoloOutput(
    'out',
    [1, 21],
    [
      [0, 3, [0.915, 0.5, 0, 0, 1, 1, 0]],
      [1, 3, [0.275, 0.5, 0, 0, 0.75, 1, 0]],
      [2, 3, [-0.185, 0.5, 0, 0, 0.5, ...third]],
    ],
  );
}
const inRow = ':model_type=yolo:cell_w=3:cell_h=1:nb_classes=2:anchors=1.815&0.90625';
const [a, b, c, d]: readonly Box[] = [
  ['0', 10000, 0, 3, 60, 72],
  ['0', 7500, 12, 3, 60, 72],
  ['0', 5000, 30, 3, 60, 72],
  ['1', 5000, 30, 3, 60, 72],
];

/** One box of 20x10 in the middle of 1x1 cells. */
const single = (
  parts: readonly number[],
  shape: readonly number[] = [1, parts.length, 1, 1],
): ConstantOutput => yoloOutput('out', shape, [[0, 1, parts]]);

const yoloCases: readonly DetectionCase[] = [
  detect('YOLO v1', ['detect:yolo', 'option:dnn_detect.model_type=yolo'], [gridOutput], `${v1}:anchors=1&1`, [
    ['0', 5000, -12, 50, 50, 40],
    ['1', 7500, 50, 0, 50, 40],
  ]),
  detect(
    'YOLO v3, two outputs with one and two boxes a cell',
    ['detect:yolov3', 'detect:anchors-run', 'bug:yolo-anchor-bounds'],
    [
      yoloOutput('one', [1, 6, 2, 1], [[1, 2, [0.5, 0.5, 0, 0, 1, 0.75]]]),
      yoloOutput('two', [1, 12, 1, 2], [[12, 2, [0.5, 0.5, 0, 0, 0.5, 1]]]),
    ],
    ':model_type=yolov3:nb_classes=1:anchors=20&10&99&99&30&40',
    [
      ['0', 7500, 40, 55, 20, 10],
      ['0', 5000, 10, 20, 30, 40],
    ],
  ),
  detect(
    'YOLO v3, channels last',
    ['detect:yolov3-nhwc'],
    [yoloOutput('out', [1, 2, 2, 6], [[6, 1, [0.5, 0.5, 0, 0, 1, 0.625]]])],
    ':model_type=yolov3:nb_classes=1:anchors=20&10',
    [['0', 6250, 65, 15, 20, 10]],
  ),
  detect(
    'YOLO v4',
    ['detect:yolov4'],
    [single([0, 0, 0, 0, 0, 40])],
    ':model_type=yolov4:nb_classes=1:anchors=20&10',
    [['0', 5000, 40, 35, 20, 10]],
  ),
  detect(
    'the best class',
    ['detect:best-class'],
    [single([0.5, 0.5, 0, 0, 1, 0.25, 0.75, 0.5])],
    ':model_type=yolov3:nb_classes=3:anchors=20&10',
    [['1', 7500, 40, 35, 20, 10]],
  ),
  detect(
    'no class above 0',
    ['detect:best-class'],
    [single([0.5, 0.5, 0, 0, -1, -0.75, -2, -3])],
    ':model_type=yolov3:nb_classes=3:anchors=20&10',
    [['0', 7500, 40, 35, 20, 10]],
  ),
  detect(
    'a box that is suppressed suppresses',
    ['detect:suppression', 'detect:suppressed-suppress', 'bug:iou-threshold'],
    [row([1, 0])],
    inRow,
    [a!],
  ),
  detect('boxes of other labels stay', ['detect:suppression'], [row([0, 1])], inRow, [a!, d!]),
  detect('nms=none', ['option:dnn_detect.nms=none'], [row([1, 0])], `${inRow}:nms=none`, [a!, b!, c!]),
  detect('nms=sequential', ['option:dnn_detect.nms=sequential'], [row([1, 0])], `${inRow}:nms=sequential`, [
    a!,
    c!,
  ]),
  detect(
    'nms_threshold',
    ['option:dnn_detect.nms_threshold', 'bug:iou-threshold'],
    [row([1, 0])],
    `${inRow}:nms_threshold=0.6`,
    [a!, c!],
  ),
];

const refusals: readonly DetectionCase[] = [
  detect(
    'another form',
    ['error:detect-form'],
    [{ name: 'out', shape: [1, 1, 2, 3], values: [1, 2, 3, 4, 5, 6] }],
    '',
    [],
    {
      refused: ['EINVAL', '[1, 1, 2, 3]'],
    },
  ),
  detect(
    'a remainder',
    ['error:detect-remainder'],
    [gridOutput],
    `${v1.replace('cell_w=2', 'cell_w=3')}:anchors=1&1`,
    [],
    {
      refused: ['EINVAL', '3x2 cells'],
    },
  ),
  detect(
    'too few anchors',
    ['error:detect-anchors-few', 'bug:yolo-anchor-bounds'],
    [yoloOutput('out', [1, 12, 1, 2], [])],
    ':model_type=yolov3:nb_classes=1:anchors=20&10',
    [],
    { refused: ['EINVAL', 'needs 4 anchors'] },
  ),
  detect('a label of 64 bytes', ['error:labels-long'], [seven([0, 1, 0, 0, 0.5, 0.5])], ':labels=l.txt', [], {
    files: { 'l.txt': Buffer.from(`${'a'.repeat(64)}\n`) },
    refused: ['EINVAL', 'l.txt', '63 bytes'],
  }),
];

const labelled = (text: string): Partial<DetectionCase> => ({ files: { 'l.txt': Buffer.from(text) } });
const threeIds = [seven([0, 1, 0, 0, 0.5, 0.5], [1, 1, 0, 0, 0.5, 0.5], [9, 1, 0, 0, 0.5, 0.5])];
const whole = [10000, 0, 0, 50, 40] as const;

const labelCases: readonly DetectionCase[] = [
  detect(
    'lines of a labels file',
    ['labels:lines', 'labels:missing', 'option:dnn_detect.labels'],
    threeIds,
    ':labels=l.txt',
    [
      ['zero', ...whole],
      ['one two', ...whole],
      ['9', ...whole],
    ],
    labelled('\nzero \r\n\n\none two\n'),
  ),
  detect(
    'a line of more than 255 bytes',
    ['labels:long-line'],
    threeIds,
    ':labels=l.txt',
    [
      ['head', ...whole],
      ['tail', ...whole],
      ['9', ...whole],
    ],
    labelled(`head${' '.repeat(251)}tail\n`),
  ),
];

const formatCases: readonly DetectionCase[] = pixelFormats.map((format) =>
  detect(
    `frames of ${format} pass`,
    [`format:dnn_detect.${format}`, 'detect:unchanged'],
    [seven([1, 1, 0, 0, 0.5, 0.5])],
    '',
    [['1', ...whole]],
    { format },
  ),
);

export const detectionCases: readonly DetectionCase[] = [
  ...ssdCases,
  ...severalOutputs,
  ...yoloCases,
  ...refusals,
  ...labelCases,
  ...formatCases,
];
