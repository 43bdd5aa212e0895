/**
 * Detectors evaluated a second time, plainly and by themselves: outputs of each kind made by a seed, what
 * they say, greedy suppression, and the way back to the frame.
 */

/** An output as a table. */
export interface ReferenceOutput {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export interface ReferenceBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly score: number;
  readonly label: number;
}

/** Bars of a letterbox: on both sides, or below and right. */
export type Bars = 'none' | 'both' | 'end';

export interface ReferenceKind {
  readonly type: string;
  readonly bars: Bars;
  readonly confidence: number;
  /** Undefined where boxes that overlap stay. */
  readonly overlap: number | undefined;
  /** Outputs for a picture of this size. */
  outputs(width: number, height: number, random: () => number): ReferenceOutput[];
  /** In pixels of the picture, whatever their score. */
  boxes(outputs: readonly ReferenceOutput[], width: number, height: number): ReferenceBox[];
}

/** Numbers of 0 to 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A score that is high once in a while. */
const rare = (random: () => number): number => (random() < 0.06 ? 0.4 + 0.6 * random() : 0.1 * random());
const table = (
  name: string,
  rows: number,
  columns: number,
  cell: (row: number, column: number) => number,
): ReferenceOutput => ({
  name,
  dims: [1, rows, columns],
  values: Float32Array.from({ length: rows * columns }, (_, at) =>
    cell(Math.floor(at / columns), at % columns),
  ),
});
const row = ({ values, dims }: ReferenceOutput, index: number): number[] => [
  ...values.slice(index * dims[2]!, (index + 1) * dims[2]!),
];
const largest = (list: readonly number[]): number => list.indexOf(Math.max(...list));
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Stride, column and row of each cell. */
function cells(width: number, height: number, strides: readonly number[]): [number, number, number][] {
  const list: [number, number, number][] = [];
  for (const stride of strides) {
    for (let y = 0; y * stride < height; y++) {
      for (let x = 0; x * stride < width; x++) list.push([stride, x, y]);
    }
  }
  return list;
}

const around = (x: number, y: number, w: number, h: number) => ({
  x0: x - w / 2,
  y0: y - h / 2,
  x1: x + w / 2,
  y1: y + h / 2,
});

/** x, y, w, h of a few places, so that boxes overlap. */
function boxValue(part: number, width: number, height: number, random: () => number): number {
  const side = part % 2 === 0 ? width : height;
  const jitter = 2 * random();
  return part < 2 ? (side * (1 + Math.floor(3 * random()))) / 4 + jitter : side / 5 + jitter;
}

const classes = 3;

export const referenceKinds: readonly ReferenceKind[] = [
  {
    type: 'yolov5',
    bars: 'both',
    confidence: 0.25,
    overlap: 0.45,
    outputs: (w, h, random) => [
      table('output0', 3 * cells(w, h, [8, 16, 32]).length, 5 + classes, (_, column) =>
        column < 4 ? boxValue(column, w, h, random) : column === 4 ? rare(random) : random(),
      ),
    ],
    boxes: ([output]) =>
      Array.from({ length: output!.dims[1]! }, (_, index) => {
        const [x, y, w, h, objectness, ...scores] = row(output!, index) as [
          number,
          number,
          number,
          number,
          number,
        ];
        const label = largest(scores);
        return { ...around(x, y, w, h), label, score: objectness * scores[label]! };
      }),
  },
  {
    type: 'yolov8',
    bars: 'both',
    confidence: 0.25,
    overlap: 0.7,
    outputs: (w, h, random) => [
      table('output0', 4 + classes, cells(w, h, [8, 16, 32]).length, (part) =>
        part < 4 ? boxValue(part, w, h, random) : rare(random),
      ),
    ],
    boxes: ([output]) => {
      const [, values, count] = output!.dims as [number, number, number];
      return Array.from({ length: count }, (_, box) => {
        const column = Array.from({ length: values }, (_value, part) => output!.values[part * count + box]!);
        const [x, y, w, h, ...scores] = column as [number, number, number, number];
        const label = largest(scores);
        return { ...around(x, y, w, h), label, score: scores[label]! };
      });
    },
  },
  {
    type: 'yolo_end2end',
    bars: 'both',
    confidence: 0.25,
    overlap: undefined,
    outputs: (w, h, random) => [
      table('output0', 300, 6, (_, column) => {
        if (column === 5) return Math.floor(classes * random());
        if (column === 4) return rare(random);
        return (column < 2 ? 0.4 * random() : 0.5 + 0.4 * random()) * (column % 2 === 0 ? w : h);
      }),
    ],
    boxes: ([output]) =>
      Array.from({ length: 300 }, (_, index) => {
        const [x0, y0, x1, y1, score, label] = row(output!, index) as number[] & { length: 6 };
        return { x0: x0!, y0: y0!, x1: x1!, y1: y1!, score: score!, label: label! };
      }),
  },
  {
    type: 'yolox',
    bars: 'end',
    confidence: 0.3,
    overlap: 0.45,
    outputs: (w, h, random) => [
      table('output', cells(w, h, [8, 16, 32]).length, 5 + classes, (_, column) =>
        column < 4 ? 1.5 * random() : column === 4 ? rare(random) : random(),
      ),
    ],
    boxes: ([output], width, height) =>
      cells(width, height, [8, 16, 32]).map(([stride, column, line], index) => {
        const [x, y, w, h, objectness, ...scores] = row(output!, index) as [
          number,
          number,
          number,
          number,
          number,
        ];
        const label = largest(scores);
        return {
          ...around((column + x) * stride, (line + y) * stride, Math.exp(w) * stride, Math.exp(h) * stride),
          label,
          score: objectness * scores[label]!,
        };
      }),
  },
  {
    type: 'nanodet',
    bars: 'none',
    confidence: 0.35,
    overlap: 0.6,
    outputs: (w, h, random) => [
      table('output', cells(w, h, [8, 16, 32, 64]).length, classes + 32, (_, column) =>
        column < classes ? rare(random) : 6 * random(),
      ),
    ],
    boxes: ([output], width, height) =>
      cells(width, height, [8, 16, 32, 64]).map(([stride, column, line], index) => {
        const values = row(output!, index);
        const label = largest(values.slice(0, classes));
        const side = (number: number): number => {
          const weights = values.slice(classes + 8 * number, classes + 8 * number + 8).map(Math.exp);
          const sum = weights.reduce((one, other) => one + other);
          return (weights.reduce((mean, weight, distance) => mean + weight * distance, 0) / sum) * stride;
        };
        const clip = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
        return {
          x0: clip(column * stride - side(0), width),
          y0: clip(line * stride - side(1), height),
          x1: clip(column * stride + side(2), width),
          y1: clip(line * stride + side(3), height),
          label,
          score: values[label]!,
        };
      }),
  },
  {
    type: 'yunet',
    bars: 'none',
    confidence: 0.9,
    overlap: 0.3,
    outputs: (w, h, random) =>
      ['cls', 'obj', 'bbox', 'kps'].flatMap((name, kind) =>
        [8, 16, 32].map((stride) =>
          table(`${name}_${stride}`, cells(w, h, [stride]).length, [1, 1, 4, 10][kind]!, () =>
            kind < 2 ? (random() < 0.2 ? 0.9 + 0.15 * random() : random()) : 1.2 * random(),
          ),
        ),
      ),
    boxes: (outputs, width, height) =>
      [8, 16, 32].flatMap((size) => {
        const of = (name: string) => outputs.find((output) => output.name === `${name}_${size}`)!;
        return cells(width, height, [size]).map(([stride, column, line], index) => {
          const [x, y, w, h] = row(of('bbox'), index) as [number, number, number, number];
          const score = (name: string): number => Math.min(Math.max(of(name).values[index]!, 0), 1);
          return {
            ...around((column + x) * stride, (line + y) * stride, Math.exp(w) * stride, Math.exp(h) * stride),
            label: 0,
            score: Math.sqrt(score('cls') * score('obj')),
          };
        });
      }),
  },
  {
    type: 'ultraface',
    bars: 'none',
    confidence: 0.7,
    overlap: 0.3,
    outputs: (w, h, random) => {
      const each = [3, 2, 2, 3];
      const count = [8, 16, 32, 64].reduce(
        (sum, stride, at) => sum + cells(w, h, [stride]).length * each[at]!,
        0,
      );
      const face = Float32Array.from({ length: count }, () =>
        random() < 0.06 ? 0.7 + 0.3 * random() : random() / 2,
      );
      return [
        table('scores', count, 2, (index, column) => (column === 1 ? face[index]! : 1 - face[index]!)),
        table('boxes', count, 4, (_, column) => (column < 2 ? 0.5 * random() : 0.5 + 0.5 * random())),
      ];
    },
    boxes: ([scores, boxes], width, height) =>
      Array.from({ length: scores!.dims[1]! }, (_, index) => {
        const [x0, y0, x1, y1] = row(boxes!, index) as [number, number, number, number];
        const score = row(scores!, index)[1]!;
        return { x0: x0 * width, y0: y0 * height, x1: x1 * width, y1: y1 * height, label: 0, score };
      }),
  },
  {
    type: 'mediapipe_ssd',
    bars: 'both',
    confidence: 0.5,
    overlap: 0.3,
    outputs: (w, h, random) => {
      // Two anchors of a cell of 8, six of a cell of 16.
      const count = 2 * cells(w, h, [8]).length + 6 * cells(w, h, [16]).length;
      return [
        table('regressors', count, 16, (_, column) => (column < 2 ? 8 * random() - 4 : 20 + 10 * random())),
        table('classificators', count, 1, () => (random() < 0.04 ? 5 * random() : -6 * random())),
      ];
    },
    boxes: ([boxes, scores], width, height) => {
      const places = [
        ...cells(width, height, [8]).flatMap((cell) => [cell, cell]),
        ...cells(width, height, [16]).flatMap((cell) => Array.from({ length: 6 }, () => cell)),
      ];
      return places.map(([stride, column, line], index) => {
        const [x, y, w, h] = row(boxes!, index) as [number, number, number, number];
        const [columns, lines] = [Math.ceil(width / stride), Math.ceil(height / stride)];
        return {
          ...around(((column + 0.5) * width) / columns + x, ((line + 0.5) * height) / lines + y, w, h),
          label: 0,
          score: sigmoid(scores!.values[index]!),
        };
      });
    },
  },
];

function overlapOf(a: ReferenceBox, b: ReferenceBox): number {
  const w = Math.max(0, Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0));
  const h = Math.max(0, Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0));
  const area = (box: ReferenceBox): number => (box.x1 - box.x0) * (box.y1 - box.y0);
  return (w * h) / (area(a) + area(b) - w * h);
}

/** What a detector finds in a frame, best first: boxes in pixels of the frame, within it. */
export function referenceBoxes(
  kind: ReferenceKind,
  outputs: readonly ReferenceOutput[],
  picture: { width: number; height: number },
  frame: { width: number; height: number },
): ReferenceBox[] {
  const all = kind
    .boxes(outputs, picture.width, picture.height)
    .filter(({ score }) => score >= kind.confidence);
  all.sort((one, other) => other.score - one.score);
  const kept: ReferenceBox[] = [];
  for (const box of all) {
    const limit = kind.overlap;
    const goes = kept.some(
      (better) => limit !== undefined && better.label === box.label && overlapOf(better, box) >= limit,
    );
    if (!goes) kept.push(box);
  }
  const gain = Math.min(picture.width / frame.width, picture.height / frame.height);
  const rounded = kind.bars === 'both' ? Math.round : Math.floor;
  const content =
    kind.bars === 'none'
      ? picture
      : { width: rounded(frame.width * gain + 1e-9), height: rounded(frame.height * gain + 1e-9) };
  const before = (side: 'width' | 'height'): number =>
    kind.bars === 'both' ? Math.floor((picture[side] - content[side]) / 2) : 0;
  const back = (value: number, side: 'width' | 'height'): number =>
    Math.min(Math.max(((value - before(side)) / content[side]) * frame[side], 0), frame[side]);
  return kept.map((box) => ({
    ...box,
    x0: back(box.x0, 'width'),
    y0: back(box.y0, 'height'),
    x1: back(box.x1, 'width'),
    y1: back(box.y1, 'height'),
  }));
}
