import { expect, test } from 'vitest';
import { StageLog } from './stage-log.ts';

test('what decoder and encoder say alike about an input is said once', () => {
  const lines: string[] = [];
  const log = new StageLog((line) => lines.push(line));
  log.decoder('[mov,mp4 @ 0x1] stream 0, offset 0x16e6cf: partial file');
  log.later('encode', '[mov,mp4 @ 0x2] stream 0, offset 0x16e6cf: partial file');
  log.later('encode', '[libx264 @ 0x2] frame I:1');
  log.later('encode', 'Stream mapping:');
  expect(lines).toEqual([
    '[decode] [mov,mp4 @ 0x1] stream 0, offset 0x16e6cf: partial file',
    '[encode] [libx264 @ 0x2] frame I:1',
    '[encode] Stream mapping:',
  ]);
});

test('a muted decoder says nothing', () => {
  const lines: string[] = [];
  const log = new StageLog((line) => lines.push(line));
  log.muteDecoder();
  log.decoder('av_interleaved_write_frame(): Broken pipe');
  expect(lines).toEqual([]);
});
