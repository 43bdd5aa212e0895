/** A core's standard input: the key of a stop, and the bytes of a file that stands for it. */
import type { CoreControl } from '../core-control.ts';
import { heapBytes, type BlobReader, type StreamOps } from '../core-fs.ts';

const keyQ = 'q'.charCodeAt(0);
const windowSize = 1024 * 1024;

/**
 * ffmpeg asks `select` for keys ten times a second, and reads one byte where there is one: the only key that
 * is ever ready is the `q` of a stop. Where an input is standard input it asks for none
 * (fftools/ffmpeg_opt.c · open_input_file), and a stop is the end of that input.
 *
 * @param data what an input `pipe:0` reads, from its start; each run has its own place in it.
 */
export function stdinOps(
  control: CoreControl | undefined,
  data: Blob | undefined,
  reader: () => BlobReader,
): StreamOps {
  let position = 0;
  let window = { start: 0, bytes: new Uint8Array(0) };
  return {
    poll: () => (control?.quitRequested === true ? 1 : 0),
    read: (_stream, buffer, offset, length) => {
      if (length === 0) return 0;
      if (control?.quitRequested === true) {
        if (length > 1) return 0;
        buffer[offset] = keyQ;
        return 1;
      }
      if (data === undefined || position >= data.size) return 0;
      if (position >= window.start + window.bytes.length) {
        const part = data.slice(position, position + windowSize);
        window = { start: position, bytes: new Uint8Array(reader().readAsArrayBuffer(part)) };
      }
      const from = position - window.start;
      const part = window.bytes.subarray(from, from + length);
      heapBytes(buffer, offset, part.length).set(part);
      position += part.length;
      return part.length;
    },
  };
}
