/** Notes what is needed to give an mp4 or mov an index that ffmpeg did not come to write. */
import { errorMessage } from '../../base/errors.ts';
import { isMovieStart } from '../mp4/file-layout.ts';
import { mendMovie } from '../mp4/mend-movie.ts';
import { decodePacket, type MuxedPacket } from '../mp4/muxed-packet.ts';
import { OutputOp, type OutputRecord } from './output-channel.ts';
import { outputFailure } from './output-failure.ts';
import type { Mended } from './output-result.ts';
import type { OutputFile, TemplateSource } from './output-target.ts';

/** A file as it grows at its end. */
interface GrowingFile {
  size: number;
  readonly writeEnds: number[];
}

export class MovieMender {
  readonly #templateOf: TemplateSource;
  readonly #packets: MuxedPacket[] = [];
  /** By the number of the file; only those that begin as an mp4 or mov does. */
  readonly #files = new Map<number, GrowingFile>();

  constructor(templateOf: TemplateSource) {
    this.#templateOf = templateOf;
  }

  /** Looks at a record before it is carried out. @param payload of a write its first bytes will do. */
  note({ op, file, offset, length }: OutputRecord, payload: Uint8Array): void {
    if (op === OutputOp.packet) this.#packets.push(decodePacket(payload));
    if (op !== OutputOp.write) return;
    if (offset === 0 && isMovieStart(payload) && !this.#files.has(file))
      this.#files.set(file, { size: 0, writeEnds: [] });
    const growing = this.#files.get(file);
    if (growing === undefined || offset !== growing.size) return;
    growing.size += length;
    growing.writeEnds.push(growing.size);
  }

  /**
   * After the last record, before the file is finished. What cannot be mended stays as it is.
   *
   * @param size bytes that the file has at most.
   * @returns undefined for a file that needs nothing, and for one of another kind.
   */
  async mend(id: number, path: string, size: number, file: OutputFile): Promise<Mended | undefined> {
    const growing = this.#files.get(id);
    if (growing === undefined) return undefined;
    try {
      const record = { packets: this.#packets, writeEnds: growing.writeEnds };
      return await mendMovie(file, size, record, () => this.#templateOf(path), isFull);
    } catch (thrown) {
      return { reason: errorMessage(thrown) };
    }
  }
}

function isFull(error: unknown): boolean {
  return outputFailure(error).code === 'ENOSPC';
}
