import { expect, test } from 'vitest';
import { insteadSentence, resultWords } from './result-words.ts';
import { videoChoices } from './video-choices.ts';

test('video, sound and container are one line', () => {
  const video = videoChoices('mp4', 'good').at(-1)!;
  const words = '-c:v libx264 -preset veryfast -crf 18 -pix_fmt yuv420p -c:a copy -movflags +faststart';
  expect(resultWords('mp4', video, ['aac'])).toBe(words);
  expect(resultWords('mkv', video, [])).toBe(video.words);
  expect(resultWords(undefined, video, ['aac'])).toBe(video.words);
});

test('one sentence says what takes the place of what', () => {
  const [vp9, , vp8, libvpx] = videoChoices('webm', 'good');
  expect(insteadSentence(vp9, vp8!)).toBe(
    "The browser's VP9 encoder does not work here: the browser's VP8 encoder takes its place.",
  );
  expect(insteadSentence(vp8!, libvpx!)).toBe(
    "The browser's VP8 encoder does not work here: ffmpeg's VP8 encoder takes its place, which takes longer.",
  );
});
