import { expect, test } from 'vitest';
import type { Plan } from '../../command/plan.ts';
import { readStreamPictures } from '../color/stream-pictures.ts';
import { parsePlanningLog } from '../planning-log.ts';
import { unseenFrames } from './unseen-frames.ts';

/** What is said of an input whose frames are of a format. */
function reasonFor(pixelFormat: string): string | undefined {
  const lines = [
    "Input #0, matroska,webm, from 'in.mkv':",
    `  Stream #0:0: Video: vp9 (Profile 1), ${pixelFormat}(progressive), 64x48, 25 fps, 25 tbr, 1k tbn`,
    'Stream mapping:',
    '  Stream #0:0 -> #0:0 (vp9 (native) -> wrapped_avframe (native))',
    "Output #0, null, to 'pipe:':",
    `  Stream #0:0: Video: wrapped_avframe, ${pixelFormat}(progressive), 64x48, q=2-31, 200 kb/s, 25 fps`,
  ];
  const plan = { chains: [{ outputIndex: 0 }] } as unknown as Plan;
  const planned = { planning: parsePlanningLog(lines, 1), pictures: readStreamPictures(lines) };
  return unseenFrames(plan, planned).get(0);
}

test('a format without a name here is named', () => {
  expect(reasonFor('gbrp')).toBe('its frames are gbrp, a format that is not known here');
  expect(reasonFor('yuvj440p')).toBe('its frames are yuv440p, a format that is not known here');
});

test('where the format is known, no frame came', () => {
  expect(reasonFor('yuv420p')).toBe('ffmpeg decodes no frame of it');
  expect(reasonFor('yuvj420p')).toBe('ffmpeg decodes no frame of it');
});
