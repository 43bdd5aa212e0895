import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelFormats } from '../../frame/pixel-format.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { copyForWorker, joinStrips, resultBytes, resultShape } from './frame-strips.ts';
import { splitRows } from '../contract/split-rows.ts';

const bytes = (count: number): ArrayBuffer => new Uint8Array(count).fill(7).buffer;

test('strips joined are the frame that they were cut from, in every format and size', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...pixelFormats.filter((format) => format !== 'grayf32le')),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 5 }),
      (format, width, height, count) => {
        const frame = allocateFrame(format, width, height, 5);
        new Uint8Array(frame.buffer).forEach((_, i, all) => (all[i] = (i * 31) % 251));
        const rows = splitRows(height, count);
        const strips = rows.map((range) => {
          const item = { frame, outWidth: width, outHeight: height, rows: range };
          const shape = resultShape(item);
          const strip = allocateFrame(shape.format, shape.width, shape.height, 5);
          expect(resultBytes(item)).toBe(strip.buffer.byteLength);
          // As a worker does: the first has all planes, and of plane 0 its own rows.
          for (const plane of range.from === 0 ? [1, 2] : []) strip.data[plane]?.set(frame.data[plane]!);
          const linesize = frame.linesize[0]!;
          strip.data[0]!.set(frame.data[0]!.subarray(range.from * linesize, range.to * linesize));
          return strip;
        });
        const joined = joinStrips(strips, rows);
        expect(joined).toBe(strips[0]);
        expect(joined).toEqual(frame);
      },
    ),
  );
});

test('a worker gets a copy: of the frame for the first rows, of plane 0 for others', () => {
  const frame = allocateFrame('yuv420p', 4, 40, 3);
  new Uint8Array(frame.buffer).forEach((_, i, all) => (all[i] = i));
  const item = { frame, outWidth: 8, outHeight: 80 };
  const taken: number[] = [];
  const take = (count: number): ArrayBuffer => {
    taken.push(count);
    return bytes(count);
  };
  const [whole, first, second] = [
    copyForWorker(item, take),
    copyForWorker({ ...item, rows: { from: 0, to: 48 } }, take),
    copyForWorker({ ...item, rows: { from: 48, to: 80 } }, take),
  ];
  expect(whole).toEqual(item);
  expect(first).toEqual({ ...item, rows: { from: 0, to: 48 } });
  expect(second.frame).toMatchObject({ format: 'gray', width: 4, height: 40, pts: 3 });
  expect(second.frame.data).toEqual([frame.data[0]]);
  expect(second).toMatchObject({ outWidth: 8, outHeight: 80, rows: { from: 48, to: 80 } });
  expect(taken).toEqual([240, 240, 160]);
  frame.data[0]!.fill(9);
  expect(second.frame.data[0]![1]).toBe(1);
});
