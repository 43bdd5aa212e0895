import { expect, test } from 'vitest';
import { stageNames } from './stage-names.mjs';

test.each([
  [['ffmpeg', 'dnn', 'ffmpeg'], 'decode, inference, encode'],
  [['ffmpeg', 'dnn', 'ffmpeg', 'dnn', 'ffmpeg'], 'decode, inference, filter, inference, encode'],
  [['ffmpeg', 'dnn'], 'decode, inference'],
  [
    ['ffmpeg', 'decode', 'dnn', 'encode', 'ffmpeg'],
    'demux, the browser decodes, inference, the browser encodes, mux',
  ],
  [
    ['ffmpeg', 'decode', 'ffmpeg', 'dnn', 'ffmpeg', 'encode', 'ffmpeg'],
    'demux, the browser decodes, filter, inference, filter, the browser encodes, mux',
  ],
  [['decode', 'dnn', 'encode'], 'the browser decodes, inference, the browser encodes'],
  [['ffmpeg', 'decode', 'ffmpeg'], 'demux, the browser decodes, encode'],
] as const)('%j', (kinds, names) => {
  expect(stageNames(kinds).join(', ')).toBe(names);
});
