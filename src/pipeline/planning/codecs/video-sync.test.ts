import { expect, test } from 'vitest';
import type { Rational } from '../../../media/nut/nut-stream.ts';
import { VideoSync, type FpsMode } from './video-sync.ts';

/** Times in milliseconds come in; what is encoded when: `[time, index of the frame]`. */
function synced(mode: FpsMode, frameRate: Rational, pts: readonly number[], mostFrames = Infinity) {
  const sync = new VideoSync({ mode, timeBase: { num: 1, den: 1000 }, frameRate, mostFrames });
  const encoded: [number, number][] = [];
  for (const [frame, time] of pts.entries()) {
    const { before, times } = sync.frame(time);
    encoded.push(...before.map((at): [number, number] => [at, frame - 1]));
    encoded.push(...times.map((at): [number, number] => [at, frame]));
  }
  encoded.push(...sync.finish().map((at): [number, number] => [at, pts.length - 1]));
  return encoded;
}

/**
 * By ffmpeg 5.1: `-f lavfi -i testsrc2=r=RATE -vf "settb=1/1000,setpts=…" -fps_mode MODE -c:v rawvideo -f
 * framecrc -`, frames found again by their checksums.
 */
test.each<[string, FpsMode, Rational, number[], [number, number][]]>([
  [
    'jitter',
    'vfr',
    { num: 25, den: 1 },
    [0, 40, 88, 147, 167, 204, 260, 288, 336, 377, 415, 442, 508, 526, 583],
    [
      [0, 0],
      [1, 1],
      [2, 2],
      [4, 3],
      [5, 4],
      [6, 5],
      [7, 6],
      [8, 7],
      [9, 8],
      [10, 9],
      [11, 10],
      [12, 11],
      [13, 12],
      [14, 13],
      [15, 14],
    ],
  ],
  [
    'gaps',
    'vfr',
    { num: 30000, den: 1001 },
    [30, 36, 55, 86, 130, 187, 256, 338, 433, 540, 660, 792],
    [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
      [6, 5],
      [8, 6],
      [10, 7],
      [13, 8],
      [16, 9],
      [20, 10],
      [24, 11],
    ],
  ],
  [
    'dense',
    'vfr',
    { num: 10, den: 1 },
    [0, 37, 74, 111, 148, 185, 222, 259, 296, 333, 370, 407, 444, 481, 518],
    [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 4],
      [4, 7],
      [5, 10],
      [6, 12],
    ],
  ],
  [
    'start',
    'vfr',
    { num: 25, den: 1 },
    [200, 240, 280, 320, 360, 400, 440, 480],
    [
      [5, 0],
      [6, 1],
      [7, 2],
      [8, 3],
      [9, 4],
      [10, 5],
      [11, 6],
      [12, 7],
    ],
  ],
  [
    'jitter',
    'cfr',
    { num: 25, den: 1 },
    [0, 40, 88, 147, 167, 204, 260, 288, 336, 377, 415, 442, 508, 526, 583],
    [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 3],
      [5, 4],
      [6, 5],
      [7, 6],
      [8, 7],
      [9, 8],
      [10, 9],
      [11, 10],
      [12, 11],
      [13, 12],
      [14, 13],
      [15, 14],
    ],
  ],
  [
    'gaps',
    'cfr',
    { num: 30000, den: 1001 },
    [30, 36, 55, 86, 130, 187, 256, 338, 433, 540, 660, 792],
    [
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
      [6, 5],
      [7, 6],
      [8, 6],
      [9, 6],
      [10, 7],
      [11, 7],
      [12, 8],
      [13, 8],
      [14, 8],
      [15, 8],
      [16, 9],
      [17, 9],
      [18, 9],
      [19, 10],
      [20, 10],
      [21, 10],
      [22, 10],
      [23, 11],
      [24, 11],
      [25, 11],
      [26, 11],
    ],
  ],
  [
    'dense',
    'cfr',
    { num: 10, den: 1 },
    [0, 37, 74, 111, 148, 185, 222, 259, 296, 333, 370, 407, 444, 481, 518],
    [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 6],
      [5, 8],
      [6, 11],
      [7, 14],
    ],
  ],
  [
    'start',
    'cfr',
    { num: 25, den: 1 },
    [200, 240, 280, 320, 360, 400, 440, 480],
    [
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
      [5, 0],
      [6, 1],
      [7, 2],
      [8, 3],
      [9, 4],
      [10, 5],
      [11, 6],
      [12, 7],
    ],
  ],
])('%s, %s: as ffmpeg', (_, mode, frameRate, pts, encoded) => {
  expect(synced(mode, frameRate, pts)).toEqual(encoded);
});

test('vscfr keeps the gap in front of the first frame, and fills all others', () => {
  const encoded = synced('vscfr', { num: 25, den: 1 }, [200, 240, 360]);
  expect(encoded.map(([time]) => time)).toEqual([5, 6, 7, 8, 9]);
  expect(encoded.map(([, frame]) => frame)).toEqual([0, 1, 1, 2, 2]);
});

test('passthrough takes each frame at its time', () => {
  expect(synced('passthrough', { num: 25, den: 1 }, [0, 10, 95])).toEqual([
    [0, 0],
    [0, 1],
    [2, 2],
  ]);
});

test('-frames ends it, repeats included', () => {
  const sync = new VideoSync({
    ...{ mode: 'cfr', timeBase: { num: 1, den: 1000 }, frameRate: { num: 25, den: 1 }, mostFrames: 3 },
  });
  expect([sync.frame(0), sync.isFull]).toEqual([{ before: [], times: [0] }, false]);
  expect(sync.frame(400)).toEqual({ before: [1, 2], times: [] });
  expect([sync.isFull, sync.finish()]).toEqual([true, []]);
});

test('a leap of more than an hour is no reason to repeat a frame', () => {
  expect(synced('cfr', { num: 30, den: 1 }, [0, 4_000_000, 33])).toEqual([
    [0, 0],
    [1, 2],
  ]);
});
