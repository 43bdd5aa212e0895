import { expect, it } from 'vitest';
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

it('sides change places before a quarter turn', () => {
  const frames: PlannedFrames = {
    ...{ pixelFormat: 'yuv420p', width: 1, height: 2, firstPts: 0, fieldOrder: 'prog' },
    ...{ sampleAspectRatio: { num: 3, den: 4 }, timeBase: { num: 1, den: 25 } },
  };
  const lying = { ...frames, width: 2, height: 1, sampleAspectRatio: { num: 4, den: 3 } };
  expect(beforeRotation(frames, ['transpose=clock'])).toEqual(lying);
  expect(beforeRotation(frames, ['hflip', 'vflip'])).toBe(frames);
  const unknown = { ...frames, sampleAspectRatio: { num: 0, den: 1 } };
  expect(beforeRotation(unknown, ['transpose=cclock']).sampleAspectRatio).toEqual({ num: 0, den: 1 });
});
