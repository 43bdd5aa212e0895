import { expect, test } from 'vitest';
import { VideoQueue } from './video-queue.ts';

const file = (name: string, type = 'video/mp4') => new File([name], name, { type });

test('one after another, and what becomes of each', () => {
  let changes = 0;
  const queue = new VideoQueue(() => changes++);
  const [a, b] = [file('a.mov'), file('b.mkv')];
  queue.add([a, b]);
  expect(queue.next()?.file).toBe(a);
  queue.update(a, { state: 'running' });
  expect(queue.next()?.file).toBe(b);
  queue.update(a, { state: 'failed', words: 'no video in it' });
  queue.update(b, { state: 'done', result: { blob: new Blob(['x']), name: 'b.mp4' } });
  expect(queue.next()).toBeUndefined();
  expect(queue.videos.map(({ state }) => state)).toEqual(['failed', 'done']);
  const before = changes;
  queue.remove(a);
  queue.update(a, { state: 'done' });
  expect(queue.videos.map((video) => video.file)).toEqual([b]);
  expect(changes).toBeGreaterThan(before);
  queue.again();
  expect(queue.waiting).toBe(1);
  expect(queue.videos[0]).toMatchObject({ state: 'waiting', result: undefined });
});

test('every result has a name of its own', () => {
  const queue = new VideoQueue(() => undefined);
  queue.add([file('a.mov'), file('a.mkv'), file('100%.png', 'image/png'), file('.hidden')]);
  expect(queue.videos.map(({ resultStem }) => resultStem)).toEqual([
    'a-enhanced',
    'a-enhanced-2',
    '100_-enhanced',
    'video-enhanced',
  ]);
});
