import { expect, test } from 'vitest';
import { StageLog } from './stage-log.ts';

test('what decoder and encoder say alike about an input is said once', () => {
  const lines: string[] = [];
  const log = new StageLog((line) => lines.push(line), true);
  log.upstream('decode', '[mov,mp4 @ 0x1] stream 0, offset 0x16e6cf: partial file');
  log.encoder('[mov,mp4 @ 0x2] stream 0, offset 0x16e6cf: partial file');
  log.encoder('[libx264 @ 0x2] frame I:1');
  log.encoder('Stream mapping:');
  expect(lines).toEqual([
    '[decode] [mov,mp4 @ 0x1] stream 0, offset 0x16e6cf: partial file',
    '[encode] [libx264 @ 0x2] frame I:1',
    '[encode] Stream mapping:',
  ]);
});

test('stages whose frames nobody reads say nothing', () => {
  const lines: string[] = [];
  const log = new StageLog((line) => lines.push(line), true);
  log.muteUpstream();
  log.upstream('filter 1', 'av_interleaved_write_frame(): Broken pipe');
  log.encoder('done');
  expect(lines).toEqual(['[encode] done']);
});

test.each([true, false])('status lines count the frames, shown: %j', (showsStatus) => {
  const lines: string[] = [];
  const log = new StageLog((line) => lines.push(line), showsStatus);
  expect(log.framesEncoded).toBeUndefined();
  log.encoder('frame=   12 fps=0.0 q=0.0 size=       0kB time=00:00:00.00 bitrate=N/A speed=N/A    ');
  log.encoder(
    'frame=  343 fps=2.7 q=21.0 Lsize=     218kB time=00:00:11.76 bitrate= 151.6kbits/s speed=1.59x    ',
  );
  expect(log.framesEncoded).toBe(343);
  expect(lines).toHaveLength(showsStatus ? 2 : 0);
});
