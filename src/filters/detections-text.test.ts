import { expect, test } from 'vitest';
import type { DetectionBBoxes } from '../frame/detection-bboxes.ts';
import { detectionsCue, detectionsInfo, detectionsJson, webVttHead } from './detections-text.ts';

const detections: DetectionBBoxes = {
  source: 'face.pb, emotion.pb',
  bboxes: [
    {
      x: 10,
      y: -4,
      w: 64,
      h: 48,
      detectLabel: 'face',
      detectConfidence: { num: 9876, den: 10000 },
      classifications: [
        { label: 'happy', confidence: { num: 8750, den: 10000 } },
        { label: '3', confidence: { num: 5000, den: 10000 } },
      ],
    },
    {
      x: 0,
      y: 0,
      w: 5,
      h: 6,
      detectLabel: '<b> & "c" -->\r',
      detectConfidence: { num: 10000, den: 10000 },
      classifications: [],
    },
  ],
};

test('a line of JSON', () => {
  const line = detectionsJson({ pts: 512, time: 0.04, filter: 'dnn_detect=model=face.pb' }, detections);
  expect(line).toBe(
    '{"pts":512,"time":0.04,"filter":"dnn_detect=model=face.pb","source":"face.pb, emotion.pb","bboxes":[' +
      '{"x":10,"y":-4,"w":64,"h":48,"label":"face","confidence":0.9876,"classifications":[' +
      '{"label":"happy","confidence":0.875},{"label":"3","confidence":0.5}]},' +
      '{"x":0,"y":0,"w":5,"h":6,"label":"<b> & \\"c\\" -->\\r","confidence":1,"classifications":[]}]}',
  );
});

test('a line of JSON of a frame in which nothing was found', () => {
  expect(detectionsJson({ pts: 0, time: 0, filter: 'f' }, undefined)).toBe(
    '{"pts":0,"time":0,"filter":"f","source":"","bboxes":[]}',
  );
});

test('a WebVTT cue', () => {
  expect(webVttHead + detectionsCue(1, 1.04, detections)).toBe(
    'WEBVTT\n\n00:00:01.000 --> 00:00:01.040\n' +
      'face 0.99, happy 0.88, 3 0.50 at 10,-4 size 64x48\n' +
      '&lt;b&gt; &amp; "c" --&gt;  1.00 at 0,0 size 5x6\n\n',
  );
});

test.each([
  [0, 0.0416667, '00:00:00.000 --> 00:00:00.042'],
  [59.9996, 60.04, '00:01:00.000 --> 00:01:00.040'],
  [3661.5, 3662, '01:01:01.500 --> 01:01:02.000'],
  [360000, 360001, '100:00:00.000 --> 100:00:01.000'],
  [-1, 0.5, '00:00:00.000 --> 00:00:00.500'],
  [2, 2, '00:00:02.000 --> 00:00:02.001'],
  [2, NaN, '00:00:02.000 --> 00:00:02.001'],
])('from %d to %d', (start, end, line) => {
  expect(detectionsCue(start, end, { source: '', bboxes: [] })).toBe(`${line}\n\n`);
});

test('the lines of showinfo', () => {
  expect(detectionsInfo(detections).slice(0, 5)).toEqual([
    '  side data - detection bounding boxes:',
    'source: face.pb, emotion.pb',
    'index: 0,\tregion: (10, -4) -> (74, 44), label: face, confidence: 9876/10000.',
    '\t\tclassify:  label: happy, confidence: 8750/10000.',
    '\t\tclassify:  label: 3, confidence: 5000/10000.',
  ]);
  expect(detectionsInfo(detections)[5]).toContain('index: 1,\tregion: (0, 0) -> (5, 6), label: <b>');
});
