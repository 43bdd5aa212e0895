/** Clips with sound, made by ffmpeg on a page of their own, as files that can be chosen or dropped. */
import type { Page } from 'playwright/test';
import { FFmpegPage } from './ffmpeg-page.ts';

export interface Clip {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** `clip-S.mp4` for each of them, with 25 frames a second. */
export async function makeClips(
  page: Page,
  ...wanted: (readonly [seconds: number, size: string])[]
): Promise<Clip[]> {
  const other = await page.context().newPage();
  const ffmpeg = new FFmpegPage(other);
  await ffmpeg.open(new URL('/headless.html', page.url()).href);
  const clips: Clip[] = [];
  for (const [seconds, size] of wanted) {
    await ffmpeg.make(
      ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=${seconds}`],
      ...['-f', 'lavfi', '-i', `sine=duration=${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-y', 'clip.mp4'],
    );
    const name = `clip-${seconds}.mp4`;
    clips.push({ name, mimeType: 'video/mp4', buffer: await ffmpeg.read('clip.mp4') });
  }
  await other.close();
  return clips;
}
