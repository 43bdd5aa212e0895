/** `-dnn_color`: what becomes of an input's colours where DNN filters work on RGB frames. Pure. */
import { DnnError } from '../../base/errors.ts';

/**
 * `ffmpeg`: what ffmpeg itself does, which converts RGB back by BT.601 and writes no matrix. `keep`: matrix,
 * range, primaries and transfer of the input are kept, and HDR becomes BT.709.
 */
export type ColorOption = 'ffmpeg' | 'keep';

/**
 * @param value as the user wrote it.
 * @throws DnnError `EINVAL` for any other value.
 */
export function parseColorOption(value: string): ColorOption {
  if (value === 'ffmpeg' || value === 'keep') return value;
  throw new DnnError(
    'EINVAL',
    `-dnn_color ${value}: write keep, for the colours of the input, or ffmpeg, for what ffmpeg does.`,
    { option: 'dnn_color' },
  );
}
