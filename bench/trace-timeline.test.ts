import { expect, it } from 'vitest';
import { traceTimeline } from './trace-timeline.mjs';

const row = { id: 't', label: 't' };

function name(tid: number, kind: string, label: string) {
  return { ph: 'M', name: 'thread_name', pid: 1, tid, cat: kind, args: { name: label } };
}

it('reads lanes and spans, in milliseconds, whatever order they are in', () => {
  const events = [
    { ph: 'M', name: 'process_name', pid: 1, args: { name: 'ffmpeg-dnn' } },
    name(2, 'dnn', 'dnn_processing 0, worker 0'),
    { ph: 'X', name: 'work', pid: 1, tid: 2, ts: 2500, dur: 1000 },
    name(1, 'ffmpeg', 'decode'),
    { ph: 'X', name: 'work', pid: 1, tid: 1, ts: 0, dur: 2000 },
  ];
  expect(traceTimeline(JSON.stringify({ traceEvents: events }), row)).toEqual({
    ...row,
    lanes: [
      { kind: 'ffmpeg', label: 'decode' },
      { kind: 'dnn', label: 'dnn_processing 0, worker 0' },
    ],
    spans: [
      { lane: 1, start: 2.5, end: 3.5 },
      { lane: 0, start: 0, end: 2 },
    ],
  });
});

it('refuses a file that tells of no work, or of nobody', () => {
  expect(() => traceTimeline(JSON.stringify([name(1, 'ffmpeg', 'decode')]), row)).toThrow('no spans');
  const span = { ph: 'X', name: 'work', pid: 1, tid: 3, ts: 0, dur: 1 };
  expect(() => traceTimeline(JSON.stringify([span]), row)).toThrow('thread 3');
});
