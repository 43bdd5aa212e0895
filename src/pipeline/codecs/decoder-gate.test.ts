import { describe, expect, it } from 'vitest';
import { adler32 } from '../../base/adler32.ts';
import type { StreamFacts } from '../../codecs/bitstream/stream-facts.ts';
import type { PlannedFrames } from '../planning/planned-frames.ts';
import { checkFirst, checkShape, checkStream } from './decoder-gate.ts';

const decoded: PlannedFrames = {
  ...{ pixelFormat: 'yuv420p', width: 4, height: 2, firstPts: 3, fieldOrder: 'prog' },
  ...{ sampleAspectRatio: { num: 1, den: 1 }, timeBase: { num: 1, den: 25 } },
};

const facts: StreamFacts = {
  ...{ codec: 'h264', codecString: 'avc1.64000a', pixelFormat: 'yuv420p', width: 4, height: 2 },
  ...{ crop: { left: 0, top: 0, right: 2, bottom: 1 }, sampleAspectRatio: undefined, isRandomAccess: true },
};

const frame = { format: 'yuv420p', width: 4, height: 2, pts: 3, buffer: Uint8Array.of(1, 2).buffer } as const;

describe('checkStream', () => {
  it('lets through what ffmpeg decodes alike', () => {
    expect(() => {
      checkStream(facts, decoded);
    }).not.toThrow();
  });

  it.each([
    [{ isRandomAccess: false }, 'its h264 does not begin with a picture that needs no other'],
    [
      { crop: { ...facts.crop, top: 4 } },
      'its pictures are cut by 0 columns at the left and 4 rows at the top',
    ],
    [{ pixelFormat: undefined }, 'its headers say an unknown format 4x2 where ffmpeg decodes yuv420p 4x2'],
    [{ width: 6 }, 'its headers say yuv420p 6x2 where ffmpeg decodes yuv420p 4x2'],
  ])('refuses %o', (unlike, reason) => {
    expect(() => {
      checkStream({ ...facts, ...unlike }, decoded);
    }).toThrow(reason);
  });
});

it('refuses frames of another kind', () => {
  expect(() => {
    checkShape(frame, decoded);
  }).not.toThrow();
  expect(() => {
    checkShape({ ...frame, format: 'nv12' }, decoded);
  }).toThrow('the browser gives frames of nv12 4x2 where ffmpeg gives yuv420p 4x2');
});

it('refuses a first frame of another time, or with other samples', () => {
  const checksum = adler32(Uint8Array.of(1, 2), 0);
  const check = (pts: number, sum: number | undefined) => () => {
    checkFirst(frame, pts, sum);
  };
  expect(check(3, checksum)).not.toThrow();
  expect(check(3, undefined)).not.toThrow();
  expect(check(4, checksum)).toThrow("the browser's first frame has pts 3 where ffmpeg's has 4");
  expect(check(3, checksum + 1)).toThrow("the browser's first frame has other samples than ffmpeg's");
});
