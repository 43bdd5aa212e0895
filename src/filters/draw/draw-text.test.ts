import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import { pixelFormats } from '../../frame/pixel-format.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { colorComponents } from './color-components.ts';
import { drawText, type TextStyle } from './draw-text.ts';
import { formulaFrame } from './formula-frame.test-support.ts';

const style: TextStyle = {
  fontsize: 8,
  fontcolor: [255, 255, 255, 255],
  boxcolor: undefined,
  boxborderw: 0,
  fixBounds: false,
};

/** Rows of the red plane: `#` the text's white, `+` the box's gray, `.` what was not touched. */
function picture(frame: Frame): string[] {
  return Array.from({ length: frame.height }, (_, y) =>
    Array.from({ length: frame.width }, (_, x) => {
      const red = frame.data[0]![3 * (y * frame.width + x)];
      return red === 255 ? '#' : red === 0 ? '.' : '+';
    }).join(''),
  );
}

function drawn(
  text: string,
  x: number,
  y: number,
  more: Partial<TextStyle>,
  width = 14,
  height = 9,
): string[] {
  const frame = allocateFrame('rgb24', width, height, 0);
  drawText(frame, text, x, y, { ...style, ...more });
  return picture(frame);
}

describe('letters', () => {
  test('side by side, with their descenders', () => {
    expect(drawn('Rg', 1, 0, {})).toEqual([
      '.####.........',
      '.#...#........',
      '.#...#..####..',
      '.####..#...#..',
      '.#.#...#...#..',
      '.#..#...####..',
      '.#...#.....#..',
      '........###...',
      '..............',
    ]);
  });

  test('grow in whole steps with the size', () => {
    expect(drawn('-', 0, 0, { fontsize: 15 })).toEqual(drawn('-', 0, 0, { fontsize: 1 }));
    expect(
      drawn('7', 0, 0, { fontsize: 23 }, 10, 14).map((row) =>
        row.replaceAll('##', '#').replaceAll('..', '.'),
      ),
    ).toEqual(drawn('7', 0, 0, {}, 5, 7).flatMap((row) => [row, row]));
  });

  test('a letter without a picture is a frame, also one of two code units', () => {
    const frame = ['#####', '#...#', '#...#', '#...#', '#...#', '#...#', '#####', '.....'];
    for (const letter of ['é', '😀', '\n', '\u007f']) expect(drawn(letter, 0, 0, {}, 5, 8)).toEqual(frame);
  });

  test('every other character has a picture of its own', () => {
    const letters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index));
    const pictures = letters.map((letter) => drawn(letter, 0, 0, {}, 6, 8).join('\n'));
    expect(new Set([...pictures, drawn('é', 0, 0, {}, 6, 8).join('\n')]).size).toBe(96);
    for (const lines of pictures) expect(lines).not.toMatch(/#$/m);
    expect(pictures[0]).not.toContain('#');
  });
});

describe('the box behind the text', () => {
  const boxcolor = [128, 128, 128, 255] as const;

  test('is as large as the text', () => {
    expect(drawn('I-', 1, 0, { boxcolor })).toEqual([
      '.+###+++++++..',
      '.++#++++++++..',
      '.++#++++++++..',
      '.++#+++#####..',
      '.++#++++++++..',
      '.++#++++++++..',
      '.+###+++++++..',
      '.+++++++++++..',
      '..............',
    ]);
  });

  test('and its border all around', () => {
    expect(drawn('.', 3, 1, { boxcolor, boxborderw: 1 }, 9, 10)).toEqual([
      ...Array<string>(6).fill('..+++++++'),
      '..++##+++',
      '..++##+++',
      '..+++++++',
      '..+++++++',
    ]);
  });

  test('alpha mixes with what is there', () => {
    const frame = allocateFrame('rgb24', 5, 8, 0);
    frame.data[0]!.fill(100);
    drawText(frame, ' ', 0, 0, { ...style, boxcolor: [200, 0, 255, 128] });
    expect([...frame.data[0]!.slice(0, 3)]).toEqual([150, 49, 178]);
  });
});

describe('at the edges of the frame', () => {
  const whole = drawn('M', 0, 0, {}, 5, 7);

  test('what is outside is left out', () => {
    for (const [x, y] of [
      [-2, 0],
      [2, 0],
      [0, -3],
      [0, 3],
      [-4, 5],
      [9, 9],
      [-9, -9],
    ] as const) {
      expect(drawn('M', x, y, {}, 5, 7)).toEqual(
        whole.map((row, top) => Array.from(row, (_, left) => whole[top - y]?.[left - x] ?? '.').join('')),
      );
    }
  });

  test('fix_bounds moves it back, box and all, and to the start where there is no room', () => {
    const fixBounds = true;
    const boxcolor = [128, 128, 128, 255] as const;
    expect(drawn('M', -7, -7, { fixBounds })).toEqual(drawn('M', 0, 0, {}));
    expect(drawn('M', -7, -7, { fixBounds, boxborderw: 2 })).toEqual(drawn('M', 0, 0, {}));
    expect(drawn('M', 12, 3, { fixBounds })).toEqual(drawn('M', 9, 1, {}));
    expect(drawn('M', -2, 20, { fixBounds, boxcolor, boxborderw: 2 }, 20, 20)).toEqual(
      drawn('M', 2, 10, { boxcolor, boxborderw: 2 }, 20, 20),
    );
    expect(drawn('MMM', 5, 0, { fixBounds })).toEqual(drawn('MMM', 0, 0, {}));
  });
});

describe('in every format', () => {
  test.each(pixelFormats)('%s: nothing but the samples under text and box changes', (format) => {
    fc.assert(
      fc.property(
        fc.integer({ min: -20, max: 30 }),
        fc.integer({ min: -20, max: 30 }),
        fc.integer({ min: 0, max: 3 }),
        fc.nat(255),
        (x, y, boxborderw, alpha) => {
          const old = colorComponents(formulaFrame(format, 23, 17));
          const frame = formulaFrame(format, 23, 17);
          drawText(frame, 'ab', x, y, { ...style, boxcolor: [10, 200, 30, alpha], boxborderw });
          colorComponents(frame).forEach((component, index) => {
            const { log2Width, log2Height, offset, step, stride } = component;
            for (let row = 0; row < 17; row++) {
              for (let column = 0; column < 23; column++) {
                const right = x + 11 + boxborderw - 1;
                const bottom = y + 8 + boxborderw - 1;
                const isUnder =
                  column >> log2Width >= (x - boxborderw) >> log2Width &&
                  column >> log2Width <= right >> log2Width &&
                  row >> log2Height >= (y - boxborderw) >> log2Height &&
                  row >> log2Height <= bottom >> log2Height;
                const sampleOffset = offset + (row >> log2Height) * stride + (column >> log2Width) * step;
                if (!isUnder) expect(component.samples[sampleOffset]).toBe(old[index]!.samples[sampleOffset]);
              }
            }
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  test('no alpha, no text and no box draw nothing', () => {
    for (const format of pixelFormats) {
      const frame = formulaFrame(format, 23, 17);
      drawText(frame, 'ab', 3, 3, {
        ...style,
        fontcolor: [1, 2, 3, 0],
        boxcolor: [1, 2, 3, 0],
        boxborderw: 2,
      });
      drawText(frame, '', 3, 3, { ...style, boxcolor: [255, 2, 3, 255] });
      expect(frame.data).toEqual(formulaFrame(format, 23, 17).data);
    }
  });
});
