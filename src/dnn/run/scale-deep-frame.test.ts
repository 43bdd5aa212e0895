import { expect, test } from 'vitest';
import { scaleDeepPlane } from '../../frame/deep-plane-scale.ts';
import type { Frame } from '../../frame/frame.ts';
import { framePixelFormats, isDeep } from '../../frame/pixel-format.ts';
import { allocateFrame, frameFromBuffer } from '../../frame/plane-layout.ts';
import { largestSample } from './deep-samples.ts';
import { scaleFrame } from './scale-frame.ts';

const samplesOf = ({ buffer }: Frame): Uint16Array => new Uint16Array(buffer);

test.each(framePixelFormats.filter(isDeep))('%s: a frame of one colour keeps it at any size', (format) => {
  const from = allocateFrame(format, 7, 5, 0);
  const value = largestSample(format) - 3;
  samplesOf(from).fill(value);
  const to = allocateFrame(format, 15, 8, 0);
  scaleFrame(from, to);
  expect([...new Set(samplesOf(to))]).toEqual([value]);
});

test('each colour of rgb48 and each plane of gbrp is scaled on its own', () => {
  const colours = [0, 1, 2].map((colour) =>
    Uint16Array.from({ length: 12 }, (_, i) => 3000 * i + 7 * colour),
  );
  const wanted = colours.map((samples) => {
    const plane = { samples: new Uint16Array(48), width: 8, height: 6 };
    scaleDeepPlane({ samples, width: 4, height: 3 }, plane, 16);
    return [...plane.samples];
  });
  const packed = Uint16Array.from({ length: 36 }, (_, i) => colours[i % 3]![Math.floor(i / 3)]!);
  const rgb = allocateFrame('rgb48le', 8, 6, 0);
  scaleFrame(frameFromBuffer('rgb48le', 4, 3, 0, packed.buffer), rgb);
  const got = [...samplesOf(rgb)];
  expect([0, 1, 2].map((colour) => got.filter((_, i) => i % 3 === colour))).toEqual(wanted);
  const planar = Uint16Array.from(colours.flatMap((samples) => [...samples]));
  const gbr = allocateFrame('gbrp16le', 8, 6, 0);
  scaleFrame(frameFromBuffer('gbrp16le', 4, 3, 0, planar.buffer), gbr);
  expect([...samplesOf(gbr)]).toEqual(wanted.flat());
});
