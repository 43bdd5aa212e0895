import { expect, test } from 'vitest';
import type { LogEvent } from '../../workers/pipeline-api.ts';
import { StageLog } from './stage-log.ts';

/** A log whose lines for stderr are taken. */
function stageLog(showsStatus: boolean): { log: StageLog; lines: string[] } {
  const lines: string[] = [];
  const log = new StageLog(({ type, message }) => {
    if (type === 'stderr') lines.push(message);
  }, showsStatus);
  return { log, lines };
}

test('what decoder and encoder say alike about an input is said once', () => {
  const { log, lines } = stageLog(true);
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

test('of packets that are only copied nothing is said that comes to nothing', () => {
  const { log, lines } = stageLog(true);
  log.encoder("[av1 @ 0xef8df0] Your platform doesn't suppport hardware accelerated AV1 decoding.");
  log.encoder('[av1 @ 0xef8df0] Failed to get pixel format.');
  const unknown = 'Could not find codec parameters for stream 0 (Video:';
  log.encoder(
    `[nut @ 0x10] ${unknown} av1 (Main) (AV01 / 0x31305641), none(tv), 64x48): unspecified pixel format`,
  );
  const advice = "Consider increasing the value for the 'analyzeduration'";
  log.encoder(`${advice} (0) and 'probesize' (32) options`);
  expect(lines).toEqual([]);
  log.encoder(`[mpegts @ 0x10] ${unknown} h264, none): unspecified size`);
  log.encoder(`${advice} (0) and 'probesize' (5000000) options`);
  log.encoder('[av1 @ 0xef8df0] Failed to parse temporal unit.');
  expect(lines).toHaveLength(3);
});

test('lines for standard output have no stage, and none is left out', () => {
  const events: LogEvent[] = [];
  const log = new StageLog((event) => events.push(event), false);
  log.encoder('Stream mapping:');
  log.muteUpstream();
  for (const line of ['frame=1', 'frame=1', 'progress=end']) log.output(line);
  expect(events).toEqual([
    { type: 'stderr', message: '[encode] Stream mapping:' },
    { type: 'stdout', message: 'frame=1' },
    { type: 'stdout', message: 'frame=1' },
    { type: 'stdout', message: 'progress=end' },
  ]);
});

test('stages whose frames nobody reads say nothing', () => {
  const { log, lines } = stageLog(true);
  log.muteUpstream();
  log.upstream('filter 1', 'av_interleaved_write_frame(): Broken pipe');
  log.encoder('done');
  expect(lines).toEqual(['[encode] done']);
});

test.each([true, false])('status lines count the frames, shown: %j', (showsStatus) => {
  const { log, lines } = stageLog(showsStatus);
  expect(log.framesEncoded).toBeUndefined();
  log.encoder('frame=   12 fps=0.0 q=0.0 size=       0kB time=00:00:00.00 bitrate=N/A speed=N/A    ');
  log.encoder(
    'frame=  343 fps=2.7 q=21.0 Lsize=     218kB time=00:00:11.76 bitrate= 151.6kbits/s speed=1.59x    ',
  );
  expect(log.framesEncoded).toBe(343);
  expect(lines).toHaveLength(showsStatus ? 2 : 0);
});
