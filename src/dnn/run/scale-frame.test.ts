import { expect, test } from 'vitest';
import { pixelFormats } from '../../frame/pixel-format.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { PlaneScaler } from '../../frame/plane-scale.ts';
import { scaleFrame } from './scale-frame.ts';

test.each(pixelFormats)('a flat %s frame stays flat', (format) => {
  const input = allocateFrame(format, 8, 6, 3);
  const output = allocateFrame(format, 17, 11, 3);
  if (format === 'grayf32le') new Float32Array(input.buffer).fill(1.5);
  else for (const plane of input.data) plane.fill(128);
  scaleFrame(input, output);
  if (format === 'grayf32le') expect([...new Float32Array(output.buffer)]).toEqual(Array(17 * 11).fill(1.5));
  else expect([...output.data[0]!]).toEqual(Array(output.data[0]!.length).fill(128));
});

test('R, G and B are scaled as three planes', () => {
  const input = allocateFrame('rgb24', 9, 7, 0);
  input.data[0]!.forEach((_, index, plane) => (plane[index] = (index * 37) % 256));
  const output = allocateFrame('rgb24', 18, 14, 0);
  scaleFrame(input, output);
  for (const channel of [0, 1, 2]) {
    const plane = input.data[0]!.filter((_, index) => index % 3 === channel);
    const expected = new Uint8Array(18 * 14);
    new PlaneScaler(input, output, 1).scale(plane, 9, expected, 18);
    expect(output.data[0]!.filter((_, index) => index % 3 === channel)).toEqual(expected);
  }
});

test('floats are scaled like bytes, within their rounding', () => {
  const [bytes, floats] = [allocateFrame('gray', 10, 8, 0), allocateFrame('grayf32le', 10, 8, 0)];
  const values = new Float32Array(floats.buffer);
  bytes.data[0]!.forEach(
    (_, index, plane) => (values[index] = (plane[index] = 60 + ((index * 29) % 90)) / 255),
  );
  const [outBytes, outFloats] = [allocateFrame('gray', 25, 13, 0), allocateFrame('grayf32le', 25, 13, 0)];
  scaleFrame(bytes, outBytes);
  scaleFrame(floats, outFloats);
  const scaled = new Float32Array(outFloats.buffer);
  outBytes.data[0]!.forEach((value, index) => {
    expect(Math.abs(value - 255 * scaled[index]!)).toBeLessThan(1);
  });
});

test('formats that differ are refused', () => {
  expect(() => {
    scaleFrame(allocateFrame('gray', 2, 2, 0), allocateFrame('rgb24', 4, 4, 0));
  }).toThrow('gray frame to a rgb24 frame');
});
