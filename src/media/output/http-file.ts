/**
 * An output behind an HTTP address, used with a server of one's own. `URL` gets these
 * parameters added to its query:
 *
 * - `POST URL?path=PATH&offset=N`, body: bytes that go to position N of the file PATH (made if missing).
 *   Parts come in the order in which they were written, at most 1 MiB each, one request at a time.
 * - `GET URL?path=PATH&offset=N&length=L`, answer: up to L bytes from position
 *   N, none at the end of the file.
 * - `POST URL?path=PATH&truncate=SIZE`, no body: the file is cut or filled with zeros to SIZE bytes.
 * - `POST URL?path=PATH&rename=NEW`, no body: the file gets the path NEW and replaces what is there; what
 *   follows for it comes under NEW.
 * - `POST URL?path=PATH&finish=SIZE`, no body: the file is complete and has SIZE bytes.
 * - `DELETE URL?path=PATH`: the file is not wanted.
 *
 * Any status from 200 to 299 is success. 507 means that there is no space; the
 * body of a failure is its reason.
 */
import { DnnError } from '../../base/errors.ts';
import { outputFailure } from './output-failure.ts';
import type { OutputFile } from './output-target.ts';

const batchSize = 1024 * 1024;

/**
 * Chromium keeps the body of a request until the next garbage collection, but does not count it when
 * it decides whether one is due: hundreds of megabytes gather behind a fast encoder. So this much
 * memory, which is counted and, never being touched, costs nothing, is let go with every batch: a
 * collection comes every few batches.
 */
const countedGarbage = 8 * batchSize;

export class HttpFile implements OutputFile {
  readonly #url: string;
  #path: string;
  /** Made with the first byte and dropped when the file rests: an image sequence has thousands of files. */
  #batch: Uint8Array<ArrayBuffer> | undefined;
  #batchOffset = 0;
  #batchLength = 0;
  #size = 0;
  /** Why the file has not all bytes, until it is cut to those that it has. */
  #failure: unknown;

  constructor(url: string, path: string) {
    this.#url = url;
    this.#path = path;
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset !== this.#batchOffset + this.#batchLength) await this.#flush(offset);
    let done = 0;
    while (done < bytes.length) {
      const part = bytes.subarray(done, done + batchSize - this.#batchLength);
      this.#batch ??= new Uint8Array(batchSize);
      this.#batch.set(part, this.#batchLength);
      this.#batchLength += part.length;
      done += part.length;
      if (this.#batchLength === batchSize) await this.#flush(offset + done);
    }
    this.#size = Math.max(this.#size, offset + bytes.length);
  }

  async read(offset: number, into: Uint8Array): Promise<number> {
    await this.#flush(this.#batchOffset + this.#batchLength);
    const response = await this.#request('GET', { offset, length: into.length });
    const bytes = new Uint8Array(await response.arrayBuffer()).subarray(0, into.length);
    into.set(bytes);
    return bytes.length;
  }

  async truncate(size: number): Promise<void> {
    await this.#flush(this.#batchOffset + this.#batchLength);
    await this.#request('POST', { truncate: size });
    this.#size = size;
    this.#failure = undefined;
  }

  async rename(path: string): Promise<void> {
    await this.#flush(this.#batchOffset + this.#batchLength);
    await this.#request('POST', { rename: path });
    this.#path = path;
  }

  async rest(): Promise<void> {
    await this.#flush(this.#batchOffset + this.#batchLength);
    this.#batch = undefined;
  }

  async finish(): Promise<undefined> {
    await this.rest();
    if (this.#failure !== undefined) throw this.#failure as Error;
    await this.#request('POST', { finish: this.#size });
    return undefined;
  }

  async discard(): Promise<void> {
    this.#batchLength = 0;
    await this.#request('DELETE', {});
  }

  /** Sends what has gathered; the next bytes will belong to position `next`. */
  async #flush(next: number): Promise<void> {
    const length = this.#batchLength;
    const offset = this.#batchOffset;
    // What cannot be sent is lost: the file can still be cut, read and finished.
    this.#batchOffset = next;
    this.#batchLength = 0;
    if (this.#batch !== undefined && length > 0) {
      // `fetch` copies the body before it returns, so the batch may be filled again afterwards.
      try {
        await this.#request('POST', { offset }, this.#batch.subarray(0, length));
      } catch (thrown) {
        this.#failure = thrown;
        throw thrown;
      }
      // Not `new`: a minifier takes away an object that nobody uses.
      Reflect.construct(ArrayBuffer, [countedGarbage]);
    }
  }

  async #request(
    method: string,
    parameters: Readonly<Record<string, number | string>>,
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const url = new URL(this.#url);
    url.searchParams.set('path', this.#path);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
    const response = await fetch(url, { method, cache: 'no-store', ...(body === undefined ? {} : { body }) });
    if (response.ok) return response;
    const { status } = response;
    const reason = `the server that takes the output answered ${status} ${await response.text()}`;
    const code = status === 507 ? 'ENOSPC' : 'EIO';
    throw outputFailure(new DnnError(code, reason.trim(), { path: this.#path, status }), this.#path);
  }
}
