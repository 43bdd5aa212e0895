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
 * The matrix that players take for a source without tags, where they take another one for the result; else
 * undefined. RGB becomes YUV by BT.601.
 *
 * @param rows of the result, where the output's own are not known yet.
 */
export function matrixToWrite(
  source: StreamPicture,
  output: StreamPicture,
  rows: number,
): 'smpte170m' | 'bt709' | undefined {
  const isRgb = isRgbFormat(source.pixelFormat);
  const shown = isRgb ? 'smpte170m' : guessedMatrix(source.codec, source.height);
  return shown === guessedMatrix(output.codec, rows) ? undefined : shown;
}

/** Primaries and transfer function, by one name, to write beside a matrix; undefined for rare ones. */
export function companionOf(matrix: string): 'smpte170m' | 'bt709' | undefined {
  if (matrix === 'bt709') return 'bt709';
  return matrix === 'smpte170m' || matrix === 'bt470bg' ? 'smpte170m' : undefined;
}
