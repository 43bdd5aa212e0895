import { expect, test } from 'vitest';
import { sourceNotes } from './source-notes.ts';

const opaque = { hasTransparency: false, isLuma: false };

test('HDR and transparency are told, each in a line', () => {
  for (const transfer of [undefined, null, 'bt709', 'iec61966-2-1', 'toString'])
    expect(sourceNotes({ ...opaque, transfer })).toEqual([]);
  expect(sourceNotes({ ...opaque, transfer: 'pq', hasTransparency: true })).toEqual([
    expect.stringMatching(/^The source is HDR \(PQ\): filters get the sRGB/),
    expect.stringMatching(/alpha is dropped\.$/),
  ]);
  expect(sourceNotes({ ...opaque, transfer: 'hlg', isLuma: true })).toEqual([
    expect.stringMatching(/^The source is HDR \(HLG\): networks of luma run on its HDR values/),
  ]);
});
