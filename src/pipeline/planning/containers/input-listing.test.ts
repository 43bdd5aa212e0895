import { expect, test } from 'vitest';
import { lossesOf, readInputListing } from './input-listing.ts';

const listing = [
  "Input #0, matroska,webm, from 'in.mkv':",
  '  Metadata:',
  '    title           : A film: the first',
  '  Duration: 00:00:02.00, start: 0.000000, bitrate: 100 kb/s',
  '  Chapters:',
  '    Chapter #0:0: start 0.000000, end 1.000000',
  '  Stream #0:0(deu): Audio: aac (LC), 44100 Hz, mono, fltp (default)',
  '  Stream #0:1: Video: h264 (High), yuvj420p(pc, smpte170m, progressive), 64x48 [SAR 1:1 DAR 4:3], 25 fps, 25 tbr, 1k tbn (default)',
  '  Stream #0:2: Audio: opus, 48000 Hz, stereo, fltp',
  '  Stream #0:3(eng): Subtitle: subrip',
  '  Stream #0:4: Attachment: ttf',
  '  Stream #0:5: Data: bin_data',
  'At least one output file must be specified',
];

test('the first video stream is found, with its pictures', () => {
  expect(readInputListing(listing)).toMatchObject({
    video: 1,
    title: 'A film: the first',
    picture: { codec: 'h264', pixelFormat: 'yuvj420p', width: 64, height: 48, colorSpace: 'smpte170m' },
  });
});

test('what is lost is told in words', () => {
  const read = readInputListing(listing)!;
  expect(lossesOf(read, [1])).toBe('chapters, 1 audio stream, 1 subtitle stream, 1 attachment stream');
  const kept = { input: { streams: read.input.streams.slice(0, 2) }, hasChapters: false };
  expect(lossesOf(kept, [0])).toBeUndefined();
});

test('no input, no listing', () => {
  expect(readInputListing(['in.mkv: No such file or directory'])).toBeUndefined();
});
