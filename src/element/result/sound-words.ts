/** What becomes of the sound: copied where the format takes its codec, encoded anew else. */
import type { ResultFormat } from './result-wish.ts';

interface SoundRule {
  /** Codecs by FFmpeg's names that players of the format expect. */
  readonly copied: ReadonlySet<string>;
  /** ffmpeg's options for everything else. */
  readonly encoded: string;
}

const rules: Readonly<Record<ResultFormat, SoundRule>> = {
  mp4: { copied: new Set(['aac', 'mp3']), encoded: '-c:a aac' },
  webm: { copied: new Set(['opus', 'vorbis']), encoded: '-c:a libopus' },
  mkv: {
    copied: new Set(
      'aac ac3 alac dts eac3 flac mp2 mp3 opus pcm_f32le pcm_s16le pcm_s24le pcm_s32le truehd vorbis'.split(
        ' ',
      ),
    ),
    encoded: '-c:a aac',
  },
};

/**
 * @param codecs of all sound streams of the input, by FFmpeg's names; undefined where they are not known.
 * @returns ffmpeg's options; none where there is no sound.
 */
export function soundWords(format: ResultFormat, codecs: readonly string[] | undefined): string {
  const { copied, encoded } = rules[format];
  if (codecs?.length === 0) return '';
  // ffmpeg takes one of the streams by itself; which one does not matter where all of them can be copied.
  return codecs?.every((codec) => copied.has(codec)) === true ? '-c:a copy' : encoded;
}
