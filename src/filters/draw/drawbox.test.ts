import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { filtersOf } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Box } from './box.ts';
import { drawRegion } from './draw-region.ts';
import { drawbox } from './drawbox.ts';
import { formulaFrame } from './formula-frame.test-support.ts';

const warnings: string[] = [];

function parse(options: string): (frame: Frame) => void {
  warnings.length = 0;
  const graph = parseFiltergraph(`drawbox=${options}:box_source=side_data_detection_bboxes`);
  return drawbox.parse(filtersOf(graph)[0]!, (level, message) => {
    warnings.push(`${level}: ${message}`);
  });
}

const bbox = (box: Box): DetectionBBox => ({
  ...box,
  detectLabel: 'cat',
  detectConfidence: { num: 9000, den: 10000 },
  classifications: [],
});
const boxes: Box[] = [
  { x: 2, y: 3, w: 9, h: 8 },
  { x: -3, y: 5, w: 12, h: 40 },
];

function drawn(options: string): readonly Uint8Array[] {
  const frame = { ...formulaFrame('yuv420p', 21, 15), detections: { source: 'm', bboxes: boxes.map(bbox) } };
  parse(options)(frame);
  return frame.data;
}

function expected(...paint: [number, Parameters<typeof drawRegion>[3]]): readonly Uint8Array[] {
  const frame = formulaFrame('yuv420p', 21, 15);
  for (const box of boxes) drawRegion(frame, box, ...paint);
  return frame.data;
}

describe('drawbox', () => {
  test.each<[string, ReturnType<typeof expected>]>([
    ['x=1', expected(3, [0, 0, 0, 255])],
    ['color=red@0.5', expected(3, [255, 0, 0, 127])],
    ['c=lime:t=1', expected(1, [0, 255, 0, 255])],
    ['thickness=fill:c=0x01020304', expected(Infinity, [1, 2, 3, 4])],
    ['t=2.9:c=invert', expected(2, 'invert')],
    ['x=iw/2:y=0:w=ih:h=7:t=0:c=red', expected(0, [255, 0, 0, 255])],
    ['1:2:3:4:blue:2:1', expected(2, [0, 0, 255, 255])],
    ['t=1:t=4', expected(4, [0, 0, 0, 255])],
  ])('%s', (options, data) => {
    expect(drawn(options)).toEqual(data);
    expect(warnings).toEqual([]);
  });

  test('a frame without detections stays as it is', () => {
    const frame = formulaFrame('rgb24', 21, 15);
    parse('t=fill')(frame);
    expect(frame.data).toEqual(formulaFrame('rgb24', 21, 15).data);
  });

  test.each([
    ['t=iw/8', 'EINVAL', "Unable to parse thickness 'iw/8' of drawbox", 'iw/8'],
    ['c=redd', 'EINVAL', 'did you mean red', 'redd'],
    ['colour=red', 'EINVAL', 'did you mean color?', 'colour'],
    ["enable='gt(t,1)'", 'ENOSYS', "not supported with filter 'drawbox'", 'enable'],
  ])('%s is refused', (options, code, message, word) => {
    const error = failure(() => parse(options));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.details.position).toBe(`drawbox=${options}`.indexOf(word));
  });
});
