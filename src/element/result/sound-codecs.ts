/** Which sound a file has: asked of ffprobe. */
import type { FFmpegDNN, LogEvent } from '../../index.ts';

/** The codecs of all sound streams of a file, by FFmpeg's names. */
export type SoundCodecs = readonly string[];

/**
 * @param path of a file in the store of a loaded `ffmpeg`.
 * @returns undefined where ffprobe cannot read it, of which the job itself will tell.
 */
export async function soundCodecs(
  ffmpeg: FFmpegDNN,
  path: string,
  signal: AbortSignal,
): Promise<SoundCodecs | undefined> {
  const codecs: string[] = [];
  const onLine = ({ type, message }: LogEvent): void => {
    const codec = type === 'stdout' ? /^stream\|codec_name=(.+)$/.exec(message)?.[1] : undefined;
    if (codec !== undefined) codecs.push(codec);
  };
  ffmpeg.on('log', onLine);
  try {
    const entries = ['-select_streams', 'a', '-show_entries', 'stream=codec_name', '-of', 'compact'];
    const exitCode = await ffmpeg.ffprobe(['-v', 'error', ...entries, path], -1, { signal });
    return exitCode === 0 ? codecs : undefined;
  } finally {
    ffmpeg.off('log', onLine);
  }
}
