import { expect, test } from 'vitest';
import type { DetectionBBoxes } from '../../frame/detection-bboxes.ts';
import type { Frame } from '../../frame/frame.ts';
import { BufferPool } from './buffer-pool.ts';
import { DetectionMemory, recallDetections, rememberDetections } from './detection-memory.ts';
import { source } from './frame-source.test-support.ts';
import type { FrameStream } from './frame-stream.ts';

const boxes = (name: string): DetectionBBoxes => ({ source: name, bboxes: [] });

function frame(pts: number, detections?: DetectionBBoxes): Frame {
  const buffer = new ArrayBuffer(1);
  const made = {
    format: 'gray',
    width: 1,
    height: 1,
    pts,
    data: [new Uint8Array(buffer)],
    linesize: [1],
    buffer,
  } as const;
  return detections === undefined ? made : { ...made, detections };
}

const ticks = (den: number, offset = 0) => ({ timeBase: { num: 1, den }, offset });

test('boxes come back at the same time, whatever the time base', () => {
  const memory = new DetectionMemory(ticks(25), ticks(12_800));
  memory.remember(frame(1, boxes('one')));
  memory.remember(frame(2));
  memory.remember(frame(3, boxes('three')));
  expect(memory.recall(512)?.source).toBe('one');
  expect(memory.recall(512)?.source).toBe('one');
  expect(memory.recall(1024)).toBeUndefined();
  expect(memory.recall(1536)?.source).toBe('three');
});

test('pipes that begin below zero are compared by the times in the filtergraph', () => {
  const memory = new DetectionMemory(ticks(1000, -80), ticks(1000, -40));
  memory.remember(frame(40, boxes('minus 40'))); // the stage dropped the first frame
  expect(memory.recall(0)?.source).toBe('minus 40');
});

test('what is older than the newest frame that left is forgotten', () => {
  const memory = new DetectionMemory(ticks(25), ticks(25));
  for (let pts = 0; pts < 1000; pts++) {
    memory.remember(frame(pts, boxes('any')));
    if (pts >= 3 && pts % 2 === 1) memory.recall(pts - 3);
    expect(memory.size).toBeLessThanOrEqual(5);
  }
});

test('frames that enter with boxes give them to those that leave', async () => {
  const { info } = source(0, new BufferPool(1));
  const memories = [new DetectionMemory(ticks(25), ticks(25)), new DetectionMemory(ticks(25), ticks(25))];
  const streamOf = (...list: Frame[]): FrameStream => ({
    info,
    frames: (async function* () {
      await Promise.resolve();
      yield* list;
    })(),
    stop: () => undefined,
  });
  const first = rememberDetections(streamOf(frame(0, boxes('first')), frame(1)), memories[0]!);
  const second = rememberDetections(
    streamOf(frame(0, boxes('second')), frame(1, boxes('second'))),
    memories[1]!,
  );
  const entered: Frame[] = [];
  for (const stream of [first, second]) for await (const each of stream.frames) entered.push(each);
  expect(entered).toHaveLength(4);
  const left: (string | undefined)[] = [];
  for await (const each of recallDetections(streamOf(frame(0), frame(1), frame(2)), memories).frames) {
    left.push(each.detections?.source);
  }
  expect(left).toEqual(['first', 'second', undefined]);
});
