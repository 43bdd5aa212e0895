import { expect, test } from 'vitest';
import { cropFrame } from './crop-frame.ts';
import { padFrame } from './pad-frame.ts';
import { framePixelFormats } from './pixel-format.ts';
import { allocateFrame, frameFromBuffer } from './plane-layout.ts';

test('the last column and row are repeated', () => {
  const frame = frameFromBuffer('gray', 2, 2, 7, Uint8Array.of(1, 2, 3, 4).buffer);
  const padded = padFrame(frame, 4, 3);
  expect([...padded.data[0]!]).toEqual([1, 2, 2, 2, 3, 4, 4, 4, 3, 4, 4, 4]);
  expect(padded).toMatchObject({ format: 'gray', width: 4, height: 3, pts: 7 });
});

test('pixels of several bytes are repeated as a whole', () => {
  const frame = frameFromBuffer('rgb24', 1, 1, 0, Uint8Array.of(1, 2, 3).buffer);
  expect([...padFrame(frame, 3, 1).data[0]!]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

test.each(framePixelFormats)('%s: what was there before is cut out again', (format) => {
  const frame = allocateFrame(format, 5, 3, 0);
  new Uint8Array(frame.buffer).forEach((_, i, all) => (all[i] = (7 * i + 3) % 251));
  const back = cropFrame(padFrame(frame, 16, 8), { x: 0, y: 0, w: 5, h: 3 });
  expect(back.data).toEqual(frame.data);
});
