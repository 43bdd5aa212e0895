import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { blazefaceBoxes } from './blazeface.ts';
import { detectOptions, tensor } from './detection.test-support.ts';
import { ssdAnchors } from './ssd-anchors.ts';

const frame = { width: 512, height: 1024 };
const model = { width: 256, height: 256 };
const options = detectOptions({ modelType: 'blazeface', labels: ['face'] });

describe('ssdAnchors', () => {
  const anchors = ssdAnchors();

  test('two in each of 16 x 16 cells, six in each of 8 x 8', () => {
    expect(anchors).toHaveLength(896);
    expect(anchors[0]).toEqual({ x: 1 / 32, y: 1 / 32 });
    expect(anchors[1]).toEqual(anchors[0]);
    expect(anchors[2]).toEqual({ x: 3 / 32, y: 1 / 32 });
    expect(anchors[32]).toEqual({ x: 1 / 32, y: 3 / 32 });
    expect(anchors[511]).toEqual({ x: 31 / 32, y: 31 / 32 });
    expect(anchors[512]).toEqual({ x: 1 / 16, y: 1 / 16 });
    expect(anchors[517]).toEqual(anchors[512]);
    expect(anchors[518]).toEqual({ x: 3 / 16, y: 1 / 16 });
    expect(anchors[895]).toEqual({ x: 15 / 16, y: 15 / 16 });
  });
});

/** Outputs of `rows` rows, all below any threshold but for one face. */
function part(
  rows: number,
  face?: { row: number; score: number; box: readonly number[] },
): [DNNData, DNNData] {
  const scores = new Float32Array(rows).fill(-100);
  const boxes = new Float32Array(rows * 16);
  if (face !== undefined) {
    scores[face.row] = face.score;
    boxes.set(face.box, face.row * 16);
  }
  return [tensor([1, rows, 1], scores), tensor([1, rows, 16], boxes)];
}

// Off the anchor at 24, 8 of 256 by 8, 24: the centre is 32, 32, a pixel of the model is 2 x 4 of the frame.
const small = part(512, { row: 3, score: Math.log(3), box: [8, 24, 16, 32] });
// Anchor 895 is at 240, 240.
const large = part(384, { row: 383, score: 0, box: [-112, -112, 64, 64] });

const boxes = (outputs: readonly DNNData[]): string[] =>
  blazefaceBoxes(outputs, options, frame, model).map(
    ({ x, y, w, h, detectLabel, detectConfidence }) =>
      `${detectLabel} ${detectConfidence.num} ${x},${y} ${w}x${h}`,
  );

const expected = ['face 7500 48,64 32x128', 'face 5000 192,384 128x256'];

test('four outputs in any order', () => {
  expect(boxes([...small, ...large])).toEqual(expected);
  expect(boxes([large[1], small[0], small[1], large[0]])).toEqual(expected);
});

test('two outputs of all rows', () => {
  const [one, other] = [small, large];
  const joined = [0, 1].map((index) =>
    tensor([1, 896, index === 0 ? 1 : 16], [...one[index]!.data, ...other[index]!.data]),
  );
  expect(boxes(joined)).toEqual(expected);
});

test('faces that are no numbers', () => {
  const odd = part(512, { row: 0, score: NaN, box: [0, 0, 16, 16] });
  expect(boxes([...odd, ...large])).toEqual([expected[1]]);
  const nowhere = part(512, { row: 0, score: 9, box: [NaN, Infinity, 16, 16] });
  expect(boxes([...nowhere, ...part(384)])).toEqual(['face 9998 0,2048 0x0']);
});

test.each([
  [[]],
  [[...small]],
  [[...small, ...small]],
  [[small[0], small[1], large[0], tensor([1, 384, 17], new Float32Array(384 * 17))]],
  [[small[0], large[0], large[1], tensor([1, 500, 16], new Float32Array(8000))]],
])('other outputs are refused', (outputs) => {
  const error = failure(() => boxes(outputs));
  expect(error.code).toBe('EINVAL');
  expect(error.message).toContain('scores [1, 1, 512, 1] and [1, 1, 384, 1]');
});
