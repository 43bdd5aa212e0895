/**
 * The matrix that players take for a stream without one, and the tag that keeps a result as its source looks.
 */
import { isRgbFormat, type StreamPicture } from './stream-pictures.ts';

/** Rows from which browsers take BT.709. */
const hdRows = 720;

/** Codecs of which Chromium takes BT.601 at every size. */
const alwaysBt601: ReadonlySet<string> = new Set(['vp9', 'av1']);

/** As Chromium and WebKit guess; ffmpeg itself takes BT.601 at every size. */
function guessedMatrix(codec: string, rows: number): 'smpte170m' | 'bt709' {
  return rows < hdRows || alwaysBt601.has(codec) ? 'smpte170m' : 'bt709';
}

/**
 * The matrix to write for a source without one, and the name of the primaries and the transfer function to
 * write with it; undefined where players guess the same for both. RGB becomes YUV by BT.601.
 *
 * @param rows of the result, where the output's own are not known yet.
 */
export function matrixToWrite(
  source: StreamPicture,
  output: StreamPicture,
  rows: number,
): 'smpte170m' | 'bt709' | undefined {
  const shown = isRgbFormat(source.pixelFormat) ? 'smpte170m' : guessedMatrix(source.codec, source.height);
  return shown === guessedMatrix(output.codec, rows) ? undefined : shown;
}
