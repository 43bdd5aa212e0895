/** Tells which options of a command an encoder of the browser does without. Pure. */
import type { Command } from '../command.ts';
import { browserEncoder } from './browser-encoder.ts';
import { encoderName } from './encoder-option.ts';
import { hasQuality } from './encoder-rate.ts';
import { idleWords } from './encoder-words.ts';

/** A line of the log for each output that has such options. */
export function idleWordsLines({ outputs, printsOnly }: Command): readonly string[] {
  if (printsOnly) return [];
  return outputs.flatMap((output) => {
    const encoder = browserEncoder(output);
    const idle = idleWords(output);
    if (encoder === undefined || idle.length === 0) return [];
    const words = idle.flatMap((option) => option.words).join(' ');
    const quality = hasQuality(encoder.codec) ? '-crf, -qp, ' : '';
    return [
      `${words}: no effect on ${encoderName(encoder.codec)}, which goes by -b:v, -bits_per_pixel, -maxrate, ` +
        `${quality}-g, -force_key_frames, -profile:v, -quality and -pix_fmt.`,
    ];
  });
}
