/** Boxes in red, green and blue stripes, classified by their mean colour. Frames are 100x80. */
import { GraphDefWriter } from '../../scripts/graphdef-writer.mjs';
import { pixelFormats } from '../../src/frame/pixel-format.ts';
import { meanColourModel, ssdModel } from '../detection-models.ts';
import type { Box, DetectionCase } from './detection-case.ts';

const rows = [
  [1, 1, 0, 0, 0.375, 0.9],
  [2, 1, 0.42, 0.25, 0.67, 0.75],
  [3, 1, 0.72, 0.5, 0.95, 0.95],
];
const [red, green, blue]: readonly Box[] = [
  ['1', 10000, 0, 0, 37, 72],
  ['2', 10000, 42, 20, 25, 40],
  ['3', 10000, 72, 40, 23, 36],
];

const detect = 'dnn_detect=model=d.pb:input=x:output=detection_out';
const classify = 'dnn_classify=model=c.pb:input=x:output=prob:scale=255';
const files = {
  'd.pb': ssdModel(rows),
  'c.pb': meanColourModel(),
  'l.txt': Buffer.from('red\ngreen\nblue\n'),
};

function classified(
  title: string,
  covered: readonly string[],
  options: string,
  boxes: readonly Box[],
  more: Partial<DetectionCase> = {},
): DetectionCase {
  return {
    title,
    rows: covered,
    filters: `${detect},${classify}:labels=l.txt${options}`,
    files,
    boxes,
    source: 'd.pb, c.pb',
    ...more,
  };
}

const withClasses = (...names: readonly (readonly string[])[]): Box[] =>
  [red!, green!, blue!].map((box, index): Box => [...box, ...(names[index] ?? [])]);

/** Ten classes, all of them the mean of everything: the first one is the largest. */
function equalClasses(): Uint8Array {
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [-1, 8, 8, 3]);
  const axes = graph.constant('axes', { shape: [3], ints: Int32Array.of(1, 2, 3) });
  const mean = graph.op('mean', 'Mean', [input, axes], { keep_dims: { b: true } });
  const ones = graph.constant('ones', { shape: [1, 1, 1, 10], floats: new Float32Array(10).fill(1) });
  graph.op('prob', 'Mul', [mean, ones]);
  return graph.toBytes();
}

const edge = [...rows, [4, 1, 0.5, 0.5, 1, 0.75]];
const bottom = [...rows, [4, 1, 0.5, 0.5, 0.75, 1]];
const wide = [...rows.slice(0, 1), [4, 1, 0.5, 0.5, 0.75, 0.98]];

export const classifyCases: readonly DetectionCase[] = [
  ...pixelFormats
    .filter((format) => !format.startsWith('gray'))
    .map((format) =>
      classified(
        `boxes of ${format}`,
        [`format:dnn_classify.${format}`, 'classify:source', 'bug:classify-crop', 'bug:detect-frame-size'],
        ':confidence=0.8',
        withClasses(['red'], ['green'], ['blue']),
        { format },
      ),
    ),
  ...(['gray', 'grayf32le'] as const).map((format) =>
    classified(
      `boxes of ${format}`,
      [`format:dnn_classify.${format}`, 'classify:arg-max'],
      ':confidence=0',
      withClasses(['red'], ['red'], ['red']),
      { format },
    ),
  ),
  classified(
    'the first of ten equal classes',
    ['classify:arg-max', 'option:dnn_classify.confidence'],
    ':confidence=0.3',
    withClasses(['red'], ['red'], ['red']),
    { files: { ...files, 'c.pb': equalClasses() } },
  ),
  classified('below the threshold', ['classify:threshold'], ':confidence=1', withClasses([], [], []), {
    files: { ...files, 'c.pb': equalClasses() },
  }),
  classified('only the target', ['option:dnn_classify.target'], ':target=2', withClasses([], ['green'], []), {
    source: 'd.pb',
  }),
  ...[
    ['right', edge],
    ['lower', bottom],
  ].map(([side, list]) =>
    classified(
      `a box at the ${side as string} edge`,
      ['bug:classify-edge'],
      ':confidence=0.85',
      [
        ...withClasses(['red'], ['green'], ['blue']),
        ['4', 10000, 50, 40, side === 'right' ? 50 : 25, side === 'right' ? 20 : 40],
      ],
      { files: { ...files, 'd.pb': ssdModel(list as number[][]) } },
    ),
  ),
  classified(
    'a box beyond the right edge',
    ['classify:edge'],
    '',
    [...withClasses(), ['4', 10000, 50, 40, 51, 20]],
    { files: { ...files, 'd.pb': ssdModel([...rows, [4, 1, 0.5, 0.5, 1.01, 0.75]]) }, source: 'd.pb' },
  ),
  classified(
    'a box that ends at row 78 of 80',
    ['bug:classify-height'],
    ':confidence=0.8',
    [
      [...red!, 'red'],
      ['4', 10000, 50, 40, 25, 38],
    ],
    { files: { ...files, 'd.pb': ssdModel(wide) } },
  ),
  {
    title: 'a frame without boxes',
    rows: ['classify:none', 'detect:no-box'],
    filters: `${detect},${classify}`,
    files: { ...files, 'd.pb': ssdModel([[1, 0.1, 0, 0, 1, 1]]) },
  },
  {
    title: 'five filters, four classifications',
    rows: ['classify:twice', 'option:dnn_classify.labels'],
    filters: [detect, ...Array.from({ length: 5 }, () => `${classify}:labels=l.txt`)].join(','),
    files,
    boxes: withClasses(
      ['red', 'red', 'red', 'red'],
      ['green', 'green', 'green', 'green'],
      ['blue', 'blue', 'blue', 'blue'],
    ),
  },
];
