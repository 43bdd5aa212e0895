/**
 * Labels files and the text of a label's id; mirrors read_detect_label_file of libavfilter/vf_dnn_detect.c.
 */
import { DnnError } from '../base/errors.ts';

/** AV_DETECTION_BBOX_LABEL_NAME_MAX_SIZE: bytes of a label with the zero behind it. */
const labelSize = 64;

/** What one fgets takes of a line: the buffer of 256 bytes without its zero. */
const pieceSize = 255;

const [zero, lineFeed, carriageReturn, blank] = [0, 10, 13, 32];

/**
 * The labels of a file by id, the position among the lines that are not empty. Trailing line ends and blanks
 * do not count, nor does anything behind a zero byte; a line of 256 bytes or more is read as several.
 *
 * @param bytes stay the caller's
 * @param path of the file, for messages
 * @throws DnnError `EINVAL` for a label of 64 bytes or more, with its line
 */
export function readLabelsFile(bytes: Uint8Array, path: string): string[] {
  const labels: string[] = [];
  // A byte order mark stays, as in FFmpeg.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let line = 1;
  for (let start = 0; start < bytes.length;) {
    const end = endOfPiece(bytes, start);
    const label = trimmed(bytes.subarray(start, end));
    if (label.length >= labelSize) {
      throw new DnnError(
        'EINVAL',
        `${path}: the label '${decoder.decode(label)}' in line ${line} is ${label.length} bytes long: shorten it to ${labelSize - 1} bytes, and write one label a line`,
        { file: path, line },
      );
    }
    if (label.length > 0) labels.push(decoder.decode(label));
    if (bytes[end - 1] === lineFeed) line++;
    start = end;
  }
  return labels;
}

function endOfPiece(bytes: Uint8Array, start: number): number {
  const limit = Math.min(start + pieceSize, bytes.length);
  const found = bytes.subarray(start, limit).indexOf(lineFeed);
  return found < 0 ? limit : start + found + 1;
}

function trimmed(piece: Uint8Array): Uint8Array {
  const stop = piece.indexOf(zero);
  let end = stop < 0 ? piece.length : stop;
  while (end > 0 && [lineFeed, carriageReturn, blank].includes(piece[end - 1]!)) end--;
  return piece.subarray(0, end);
}

/** A name of a class that a model carries, cut between characters to what a box has room for. */
export function fittingLabel(name: string): string {
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(labelSize - 1));
  return name.slice(0, read);
}

/** The label of an id, and the id itself in decimal where there is none. */
export function labelText(labels: readonly string[], id: number): string {
  return labels[id] ?? String(id);
}

/**
 * The id that a model gives as a float (vf_dnn_detect.c · dnn_detect_label_id_from_float): the nearest whole
 * number, -1 for anything that is none from 0 to INT_MAX. FFmpeg cuts the fraction off, so that class 2 of a
 * model with 8-bit weights, which comes as 1.988, is the class before.
 */
export function labelId(value: number): number {
  return value >= 0 && value <= 2147483647 ? Math.round(value) : -1;
}
