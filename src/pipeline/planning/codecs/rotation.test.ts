import { describe, expect, it } from 'vitest';
import type { PlannedFrames } from '../planned-frames.ts';
import { beforeRotation, rotationFilters } from './rotation.ts';

it.each([
  [0, []],
  [-90, ['transpose=clock']],
  [90, ['transpose=cclock']],
  [-180, ['hflip', 'vflip']],
  [180, ['hflip', 'vflip']],
  [-270, ['transpose=cclock']],
  [45, undefined],
])('%s degrees are turned back by %s', (degrees, filters) => {
  expect(rotationFilters(degrees)).toEqual(filters);
});

const shown: PlannedFrames = {
  ...{ pixelFormat: 'rgb24', width: 1, height: 2, firstPts: 0, fieldOrder: 'prog' },
  ...{ sampleAspectRatio: { num: 3, den: 4 }, timeBase: { num: 1, den: 25 } },
};
const turned: PlannedFrames = { ...shown, checksum: 7 };
const picture = { codec: 'h264', pixelFormat: 'yuvj420p', width: 2, height: 1, colorRange: 'pc' };

describe('beforeRotation', () => {
  it('lets sides change places before a quarter turn, with the format of the file', () => {
    const file = { pixelFormat: 'yuv420p', isYuvj: true, colorRange: 'pc' };
    expect(beforeRotation(turned, ['hflip', 'vflip'], picture)).toEqual({ ...shown, ...file });
    expect(beforeRotation(turned, ['transpose=clock'], picture)).toEqual({
      ...{ ...shown, ...file, width: 2, height: 1 },
      sampleAspectRatio: { num: 4, den: 3 },
    });
    const unknown = { ...turned, sampleAspectRatio: { num: 0, den: 1 } };
    const lying = beforeRotation(unknown, ['transpose=cclock'], picture);
    expect(lying?.sampleAspectRatio).toEqual({ num: 0, den: 1 });
  });

  it('is the report itself where nothing turns, and nothing for an unknown format', () => {
    expect(beforeRotation(turned, [], picture)).toBe(turned);
    expect(beforeRotation(turned, ['hflip', 'vflip'], { ...picture, pixelFormat: 'pal8' })).toBeUndefined();
  });
});
