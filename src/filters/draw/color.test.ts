import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import { DnnError } from '../../base/errors.ts';
import { sourceText } from '../../base/source-text.ts';
import { filtersOf } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import { silentLogger } from '../../base/log.ts';
import { colorTable } from './color-table.ts';
import { parseColor, type Color } from './color.ts';
import { drawbox } from './drawbox.ts';

const parse = (text: string): Color => parseColor(sourceText(text), 'drawbox', 'color');

describe('parseColor', () => {
  test.each<[string, Color]>([
    ['red', [255, 0, 0, 255]],
    ['RED', [255, 0, 0, 255]],
    ['Violet', [238, 130, 238, 255]],
    ['DarkOrange', [255, 140, 0, 255]],
    ['AliceBlue', [240, 248, 255, 255]],
    ['YellowGreen', [154, 205, 50, 255]],
    ['0x3e34ff', [62, 52, 255, 255]],
    ['0x3e34ffaa', [62, 52, 255, 170]],
    ['#ff0001', [255, 0, 1, 255]],
    ['FF00017f', [255, 0, 1, 127]],
    ['0xff0000@1.0', [255, 0, 0, 255]],
    ['0xff000010@0xf', [255, 0, 0, 15]],
    ['red@0.1', [255, 0, 0, 25]],
    ['red@0.5', [255, 0, 0, 127]],
    ['red@-0.0', [255, 0, 0, 0]],
    ['red@.25', [255, 0, 0, 63]],
    ['red@1e-1', [255, 0, 0, 25]],
  ])('%s', (text, color) => {
    expect(parse(text)).toEqual(color);
  });

  test.each([
    ['foo', 0],
    ['Red ', 0],
    ['', 0],
    ['0x000000000', 0],
    ['0xffXXee', 0],
    ['0xffff', 0],
    ['#red', 0],
    ['red@foo', 4],
    ['red@', 4],
    ['red@0xfff', 4],
    ['red@2', 4],
    ['red@-1', 4],
    ['red@10foo', 4],
    ['red@nan', 4],
    ['red@0.5@0.5', 4],
  ])('%j is refused as by ffmpeg', (text, position) => {
    const error = failure(() => parse(text));
    expect(error.code).toBe('EINVAL');
    expect(error.details).toMatchObject({ filter: 'drawbox', option: 'color', position });
  });

  test.each(['random', 'BikeShed', 'random@0.5'])('%s is refused, with a reason', (text) => {
    const error = failure(() => parse(text));
    expect(error.code).toBe('ENOSYS');
    expect(error.message).toContain('name a color');
  });

  test('a message names what is near and points into the whole graph', () => {
    const text = 'null,drawbox=box_source=side_data_detection_bboxes:c=oragne@0.5';
    const node = filtersOf(parseFiltergraph(text))[1]!;
    const error = failure(() => drawbox.parse(node, silentLogger));
    expect(error.message).toContain("Cannot find color 'oragne' for color of drawbox: did you mean orange?");
    expect(error.details.position).toBe(text.indexOf('oragne'));
  });

  test('any text gives a color or an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^(0x|#)?[0-9a-f]{5,9}(@[0-9.]{1,4})?$/)),
        (text) => {
          try {
            for (const value of parse(text))
              expect(Number.isInteger(value) && value >= 0 && value <= 255).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(DnnError);
          }
        },
      ),
    );
  });
});

test('the table has the 140 names of ffmpeg -colors', () => {
  expect(colorTable.size).toBe(140);
  for (const [name, rgb] of colorTable) {
    expect(name).toMatch(/^[a-z]+$/);
    expect(rgb >= 0 && rgb <= 0xffffff).toBe(true);
  }
});
