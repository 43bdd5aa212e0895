import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DetectionsEvent } from '../index.ts';
import { DetectionTrack } from './detection-track.ts';

function event(pts: number, filter = 'dnn_detect'): DetectionsEvent {
  return { filter, pts, time: pts / 25, width: 64, height: 48, bboxes: [] };
}

test('the frame that is seen, whatever the order in which frames were told', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 }),
      fc.integer({ min: 0, max: 70 }),
      (frames, now) => {
        const track = new DetectionTrack();
        for (const pts of frames) track.add(event(pts));
        const seen = frames.filter((pts) => pts <= now).toSorted((a, b) => b - a)[0];
        const isOver = seen === undefined || now - seen > 50;
        // A player tells a time that is rounded down.
        expect(track.at(now / 25 - 0.001)?.pts).toBe(isOver ? undefined : seen);
        expect(track.length).toBe(frames.length);
      },
    ),
  );
});

test('the filter that saw a frame last counts', () => {
  const track = new DetectionTrack();
  track.add(event(3));
  track.add(event(4));
  track.add(event(3, 'dnn_classify'));
  expect(track.length).toBe(2);
  expect(track.at(0.12)?.filter).toBe('dnn_classify');
});
