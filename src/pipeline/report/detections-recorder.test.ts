import { expect, test, vi } from 'vitest';
import { confidenceOf, type DetectionBBoxes } from '../../frame/detection-bboxes.ts';
import type { Frame } from '../../frame/frame.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { FileStore } from '../../media/file-store.ts';
import type { DetectionsEvent } from '../../workers/pipeline-api.ts';
import { DetectionsFile } from './detections-file.ts';
import { DetectionsRecorder } from './detections-recorder.ts';

const stream = { timeBase: { num: 1, den: 20 } };
const linkTimeBase = { num: 1, den: 10 };
const detections: DetectionBBoxes = {
  source: 'det.pb',
  bboxes: [
    {
      x: 1,
      y: 2,
      w: 3,
      h: 4,
      detectLabel: 'face',
      detectConfidence: confidenceOf(0.5),
      classifications: [],
    },
  ],
};

/** @param pts in units of the link's time base. */
function frame(pts: number, found?: DetectionBBoxes): Frame {
  const plain = allocateFrame('gray', 8, 6, 2 * pts);
  return found === undefined ? plain : { ...plain, detections: found };
}

async function text(name: string, frames: readonly Frame[]): Promise<string> {
  const store = new FileStore();
  const recorder = new DetectionsRecorder({
    file: new DetectionsFile(name, store, undefined),
    log: () => undefined,
  });
  for (const each of frames) recorder.add('dnn_detect=model=det.pb', stream, linkTimeBase, each);
  await recorder.finish(true);
  return store.blob(name).text();
}

test('events come in order, several at a time, and the rest at the end', async () => {
  vi.useFakeTimers();
  try {
    const sent: (readonly DetectionsEvent[])[] = [];
    const recorder = new DetectionsRecorder({ send: (events) => sent.push(events), log: () => undefined });
    recorder.add('dnn_detect', stream, linkTimeBase, frame(0, detections));
    recorder.add('dnn_detect', stream, linkTimeBase, frame(1));
    expect(sent).toHaveLength(0);
    vi.advanceTimersByTime(60);
    recorder.add('dnn_detect', stream, linkTimeBase, frame(2));
    await recorder.finish(true);
    vi.advanceTimersByTime(1000);
    expect(sent.map((events) => events.map(({ pts }) => pts))).toEqual([[0, 1], [2]]);
    expect(sent[0]![0]).toEqual({
      filter: 'dnn_detect',
      pts: 0,
      time: 0,
      width: 8,
      height: 6,
      source: 'det.pb',
      bboxes: detections.bboxes,
    });
    expect(sent[0]![1]!.bboxes).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test('boxes are logged as showinfo prints them', () => {
  const lines: string[] = [];
  const recorder = new DetectionsRecorder({ log: (level, line) => lines.push(`${level}: ${line}`) });
  recorder.add('dnn_detect', stream, linkTimeBase, frame(1));
  recorder.add('dnn_detect', stream, linkTimeBase, frame(2, detections));
  expect(lines.join('\n')).toContain('region: (1, 2) -> (4, 6), label: face, confidence: 5000/10000.');
  expect(lines.every((line) => line.startsWith('verbose: '))).toBe(true);
});

test('a line of JSON for each frame, also without boxes', async () => {
  const lines = (await text('/found.jsonl', [frame(5, detections), frame(6)])).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { pts: 5, time: 0.5, bboxes: [{ x: 1, y: 2, w: 3, h: 4, label: 'face', confidence: 0.5 }] },
    { pts: 6, time: 0.6, bboxes: [] },
  ]);
});

test('a WebVTT cue lasts until the next frame, the last one as long as the one before', async () => {
  const vtt = await text('/found.vtt', [frame(0, detections), frame(2), frame(4, detections)]);
  expect(vtt).toMatch(/^WEBVTT\n\n/);
  expect(vtt.match(/.* --> .*/g)).toEqual(['00:00:00.000 --> 00:00:00.200', '00:00:00.400 --> 00:00:00.600']);
});

test.each(['/found.jsonl', '/found.vtt'])(
  '%s of an earlier command outlives one that fails before its first frame',
  async (path) => {
    const store = new FileStore();
    store.putOutput(path, new Blob(['earlier']));
    const recorder = () =>
      new DetectionsRecorder({ file: new DetectionsFile(path, store, undefined), log: () => undefined });
    await recorder().finish(false);
    expect(await store.blob(path).text()).toBe('earlier');
    const cutShort = recorder();
    cutShort.add('dnn_detect', stream, linkTimeBase, frame(5, detections));
    await cutShort.finish(false);
    expect(await store.blob(path).text()).toContain('face');
    await recorder().finish(true);
    expect(await store.blob(path).text()).toBe(path.endsWith('.vtt') ? 'WEBVTT\n\n' : '');
  },
);
