/** A clip for those who have none at hand, made by ffmpeg. */
import { DnnError, type FFmpegDNN } from '../index.ts';

const command = [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=24:duration=4'],
  ...['-f', 'lavfi', '-i', 'sine=frequency=330:duration=4'],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  '/sample.mp4',
];

/** @param ffmpeg is loaded. @throws DnnError `EIO` where ffmpeg fails. */
export async function makeSample(ffmpeg: FFmpegDNN): Promise<File> {
  const exitCode = await ffmpeg.exec(command);
  if (exitCode !== 0)
    throw new DnnError('EIO', `The sample could not be made: ffmpeg ended with ${exitCode}.`);
  return new File([await ffmpeg.readBlob('/sample.mp4')], 'sample.mp4', { type: 'video/mp4' });
}
