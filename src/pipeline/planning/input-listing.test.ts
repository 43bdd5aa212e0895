import { expect, test } from 'vitest';
import { lossesOf, readInputListing } from './input-listing.ts';

const listing = (video: string): readonly string[] => [
  "Input #0, matroska,webm, from 'in.mkv':",
  '  Duration: 00:00:02.00, start: 0.000000, bitrate: 100 kb/s',
  '  Chapters:',
  '    Chapter #0:0: start 0.000000, end 1.000000',
  `  Stream #0:0: Video: ${video}, 64x48 [SAR 1:1 DAR 4:3], 25 fps, 25 tbr, 1k tbn (default)`,
  '  Stream #0:1(deu): Audio: aac (LC), 44100 Hz, mono, fltp (default)',
  '  Stream #0:2: Audio: opus, 48000 Hz, stereo, fltp',
  '  Stream #0:3(eng): Subtitle: subrip',
  '  Stream #0:4: Attachment: ttf',
  'At least one output file must be specified',
];

test.each([
  [
    'h264 (High) (avc1 / 0x31637661), yuvj420p(pc, smpte170m, progressive)',
    ['pc', 'smpte170m', 'smpte170m', 'smpte170m'],
  ],
  ['vp9 (Profile 0), yuv420p(tv, bt709/unknown/bt470m)', ['tv', 'bt709', undefined, 'bt470m']],
  ['h264 (High), yuv420p(progressive)', [undefined, undefined, undefined, undefined]],
  ['av1 (Main), none', [undefined, undefined, undefined, undefined]],
])('colours of %s', (video, [colorRange, colorSpace, colorPrimaries, colorTrc]) => {
  const read = readInputListing(listing(video))!;
  expect({ ...read.colors }).toMatchObject(
    colorRange === undefined && colorSpace === undefined
      ? {}
      : { colorRange, colorSpace, colorPrimaries, colorTrc },
  );
  expect(read.colors.colorSpace).toBe(colorSpace);
});

test('what is lost is told in words', () => {
  const read = readInputListing(listing('h264, yuv420p'))!;
  expect(lossesOf(read, [1])).toBe('chapters, 1 audio stream, 1 subtitle stream, 1 attachment stream');
  expect(lossesOf({ ...read, hasChapters: false, streams: read.streams.slice(0, 2) }, [0])).toBeUndefined();
});

test('no input, no listing', () => {
  expect(readInputListing(['in.mkv: No such file or directory'])).toBeUndefined();
});
