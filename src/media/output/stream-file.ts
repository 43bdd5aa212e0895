/** Standard output into a stream: bytes are passed on as they come, positions cannot be revisited. */
import { DnnError } from '../../base/errors.ts';
import type { OutputFile } from './output-target.ts';

export class StreamFile implements OutputFile {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #position = 0;

  constructor(stream: WritableStream<Uint8Array>) {
    this.#writer = stream.getWriter();
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset !== this.#position) this.#refuse('write at another position');
    this.#position += bytes.length;
    // The stream keeps the bytes until its consumer takes them; waiting for it is the back-pressure.
    await this.#writer.write(bytes.slice());
  }

  read(): number {
    return this.#refuse('read back');
  }

  truncate(): void {
    this.#refuse('truncate');
  }

  rename(): void {
    this.#refuse('rename');
  }

  rest(): void {
    // ffmpeg does not close standard output; the end comes with `finish`.
  }

  async finish(): Promise<undefined> {
    await this.#writer.close();
    return undefined;
  }

  async discard(): Promise<void> {
    await this.#writer.abort(new DnnError('EIO', 'The output was given up.'));
  }

  #refuse(what: string): never {
    throw new DnnError(
      'EIO',
      `Standard output is a stream: ffmpeg cannot ${what} there. Name a file instead.`,
    );
  }
}
