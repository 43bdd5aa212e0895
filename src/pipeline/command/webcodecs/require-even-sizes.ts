/** Says in words of the browser's encoder why the one fails that stands in for it. Pure. */
import { checkPictureSize } from '../../../codecs/parameters/check-picture-size.ts';
import type { Command } from '../command.ts';
import { browserEncoder } from './browser-encoder.ts';

/** libavcodec/libx264.c, by the words of x264 itself (encoder/encoder.c). */
const complaint = /^\[libx264 @ [^\]]*\] (?:width|height) not divisible by 2 \((\d+)x(\d+)\)/;

/**
 * @param lines of a run with encoders that stand in.
 * @throws DnnError `EINVAL` where an output of odd width or height has an encoder that takes none.
 */
export function requireEvenSizes(lines: readonly string[], { outputs }: Command): void {
  const encoders = outputs.flatMap((output) => browserEncoder(output) ?? []);
  const odd = lines.map((line) => complaint.exec(line)).find((match) => match !== null);
  if (odd === undefined) return;
  for (const { codec } of encoders)
    checkPictureSize({ codec, width: Number(odd[1]), height: Number(odd[2]) });
}
