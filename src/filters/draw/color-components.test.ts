import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import { pixelFormats } from '../../frame/pixel-format.ts';
import { colorComponents, drawboxValues, drawtextValues, type ColorValues } from './color-components.ts';
import { parseColor } from './color.ts';
import { formulaFrame } from './formula-frame.test-support.ts';

/** Y, U, V that drawbox and that drawtext of FFmpeg 5.1 put into yuv444p. */
const fromFFmpeg: [string, ColorValues, ColorValues][] = [
  ['ffffff', [235, 128, 128], [235, 128, 128]],
  ['00ffff', [169, 166, 16], [170, 166, 16]],
  ['fffacd', [227, 107, 133], [228, 107, 133]],
  ['00ff00', [144, 54, 34], [145, 54, 34]],
  ['9370d8', [131, 169, 136], [131, 168, 136]],
  ['2b64ec', [100, 196, 93], [101, 196, 93]],
  ['1aed42', [149, 84, 47], [149, 84, 48]],
  ['c99488', [155, 115, 152], [156, 115, 152]],
  ['4caf08', [124, 69, 96], [125, 69, 96]],
  ['79f5ca', [190, 128, 77], [190, 127, 77]],
  ['12bd1a', [118, 82, 64], [118, 82, 65]],
  ['4c3874', [75, 151, 133], [75, 151, 132]],
  ['3b479f', [82, 168, 116], [83, 168, 116]],
  ['8dd8fb', [186, 155, 93], [186, 154, 93]],
  ['b1c874', [174, 94, 124], [174, 95, 124]],
  ['e2b5ff', [190, 154, 142], [190, 154, 142]],
  ['ab10dd', [90, 195, 182], [90, 195, 181]],
  ['44f762', [168, 89, 60], [168, 89, 60]],
  ['75a6d5', [150, 156, 103], [151, 156, 103]],
  ['ff0000', [81, 90, 240], [81, 90, 240]],
  ['0000ff', [41, 240, 110], [41, 240, 110]],
];

describe('values of a color', () => {
  test.each(fromFFmpeg)('%s', (name, ofDrawbox, ofDrawtext) => {
    const color = parseColor(sourceText(name), 'drawbox', 'color');
    expect(drawboxValues('yuv420p', color)).toEqual(ofDrawbox);
    expect(drawtextValues('yuv420p', color)).toEqual(ofDrawtext);
    for (const format of ['rgb24', 'bgr24'] as const) {
      expect(drawboxValues(format, color)).toEqual(color.slice(0, 3));
      expect(drawtextValues(format, color)).toEqual(color.slice(0, 3));
    }
  });
});

test.each(pixelFormats)('the components of %s cover each sample of the frame once', (format) => {
  const frame = formulaFrame(format, 7, 5);
  const samples = frame.data.map((plane) => plane.length / (format === 'grayf32le' ? 4 : 1));
  const seen = frame.data.map((_, plane) => new Uint8Array(samples[plane]!));
  for (const component of colorComponents(frame)) {
    const plane = frame.data.findIndex((data) => data.byteOffset === component.samples.byteOffset);
    const offsets = new Set<number>();
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 7; x++) {
        const row = component.offset + (y >> component.log2Height) * component.stride;
        offsets.add(row + (x >> component.log2Width) * component.step);
      }
    }
    for (const offset of offsets) seen[plane]![offset]!++;
  }
  for (const counts of seen) expect(new Set(counts)).toEqual(new Set([1]));
});
