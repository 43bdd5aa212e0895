import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import { filtersOf } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import type { Frame } from '../../frame/frame.ts';
import { drawText, type TextStyle } from './draw-text.ts';
import { drawtext } from './drawtext.ts';
import { formulaFrame } from './formula-frame.test-support.ts';

const warnings: string[] = [];

function parse(options: string): (frame: Frame) => void {
  warnings.length = 0;
  const graph = parseFiltergraph(`drawtext=${options}:text_source=side_data_detection_bboxes`);
  return drawtext.parse(filtersOf(graph)[0]!, (level, message) => {
    warnings.push(`${level}: ${message}`);
  });
}

const bboxes: DetectionBBox[] = [
  {
    x: 4,
    y: 30,
    w: 9,
    h: 8,
    detectLabel: 'cat',
    detectConfidence: { num: 8765, den: 10000 },
    classifications: [
      { label: 'red', confidence: { num: 9990, den: 10000 } },
      { label: 'big', confidence: { num: 500, den: 10000 } },
    ],
  },
  { x: 20, y: 5, w: 9, h: 8, detectLabel: 'dog', detectConfidence: { num: 1, den: 2 }, classifications: [] },
];

function drawn(options: string): readonly Uint8Array[] {
  const frame = { ...formulaFrame('yuv420p', 201, 45), detections: { source: 'm', bboxes } };
  parse(options)(frame);
  return frame.data;
}

const style: TextStyle = {
  fontsize: 16,
  fontcolor: [0, 0, 0, 255],
  boxcolor: undefined,
  boxborderw: 0,
  fixBounds: false,
};

function expected(
  more: Partial<TextStyle>,
  texts: readonly [string, number, number][] = [
    ['cat, red, big', 4, 14],
    ['dog', 20, -11],
  ],
): readonly Uint8Array[] {
  const frame = formulaFrame('yuv420p', 201, 45);
  for (const [text, x, y] of texts) drawText(frame, text, x, y, { ...style, ...more });
  return frame.data;
}

describe('drawtext', () => {
  test.each<[string, ReturnType<typeof expected>]>([
    ['x=0', expected({})],
    ['fontcolor=red@0.5:box=0:boxcolor=red:boxborderw=3', expected({ fontcolor: [255, 0, 0, 127] })],
    ['box=1', expected({ boxcolor: [255, 255, 255, 255] })],
    ['box=1:boxcolor=0x01020380:boxborderw=3', expected({ boxcolor: [1, 2, 3, 128], boxborderw: 3 })],
    [
      'box=1:alpha=0.5:fontcolor=red@0.5',
      expected({ fontcolor: [255, 0, 0, 63], boxcolor: [255, 255, 255, 128] }),
    ],
    ['alpha=7', expected({})],
    ['alpha=-1', expected({ fontcolor: [0, 0, 0, 0] })],
    ['fix_bounds=1', expected({ fixBounds: true })],
    [
      'fontsize=8',
      expected({ fontsize: 8 }, [
        ['cat, red, big', 4, 22],
        ['dog', 20, -3],
      ]),
    ],
    [
      'x=3:y=-2.5:fontsize=0',
      expected({ fontsize: 1 }, [
        ['cat, red, big', 7, 27],
        ['dog', 23, 2],
      ]),
    ],
    [
      'confidence=1',
      expected({}, [
        ['cat 0.88, red 1.00, big 0.05', 4, 14],
        ['dog 0.50', 20, -11],
      ]),
    ],
  ])('%s', (options, data) => {
    expect(drawn(options)).toEqual(data);
    expect(warnings).toEqual([]);
  });

  test('options without effect are named', () => {
    expect(drawn('fontfile=a.ttf:text=hello:shadowx=2:x=(w-tw)/2:rate=25')).toEqual(expected({}));
    expect(warnings).toEqual([
      "warning: Option 'fontfile' of drawtext has no effect where detections are drawn",
      "warning: Option 'text' of drawtext has no effect where detections are drawn",
      "warning: Option 'shadowx' of drawtext has no effect where detections are drawn",
      "warning: Option 'timecode_rate' of drawtext has no effect where detections are drawn",
      'warning: x=(w-tw)/2 of drawtext has no effect where detections are drawn: only a number moves the text',
    ]);
  });

  test('a frame without detections stays as it is', () => {
    const frame = formulaFrame('rgb24', 21, 15);
    parse('box=1')(frame);
    expect(frame.data).toEqual(formulaFrame('rgb24', 21, 15).data);
  });

  test.each([
    ['fontsize=h/10', 'EINVAL', 'Unable to parse option value "h/10" of fontsize', 'h/10'],
    ['fontcolor=rad', 'EINVAL', "Cannot find color 'rad' for fontcolor of drawtext: did you mean red", 'rad'],
    ['boxcolour=red', 'EINVAL', 'did you mean boxcolor?', 'boxcolour'],
    ['enable=1', 'ENOSYS', "not supported with filter 'drawtext'", 'enable'],
  ])('%s is refused', (options, code, message, word) => {
    const error = failure(() => parse(options));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.details.position).toBe(`drawtext=${options}`.indexOf(word));
  });
});
