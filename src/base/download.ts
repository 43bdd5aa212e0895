/**
 * Fetches a file and watches its bytes: one that stops arriving is given up after a time without progress,
 * however large it is and however slow the line, and an error tells what happened, and where.
 */
import { onAbort } from './abort.ts';
import { DnnError, errorMessage } from './errors.ts';

/** How a file is fetched. */
export interface DownloadOptions {
  /** Ends the download with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes so far, and all of them where the server says it. */
  readonly onProgress?: ((received: number, total: number | undefined) => void) | undefined;
  /** Milliseconds without a byte after which it is given up; 30,000 where left out. */
  readonly stallMs?: number | undefined;
}

/** Looks at the time that many times before it gives up: the time a computer slept counts as one look. */
const looks = 6;

/**
 * Fetches a file and gives its answer to `read`; ends when both the last byte came and `read` is done.
 *
 * @param read takes the body of an answer that is a success, as it arrives.
 * @throws DnnError `ENOENT` for an answer that is no success; `EIO` where there is none, where the page may
 * not read it, where no byte comes for `stallMs`, and where it breaks off, with `received` and `total` in
 * bytes.
 * @throws what `read` throws, and the signal's reason.
 */
export async function download<T>(
  url: string,
  read: (response: Response) => Promise<T>,
  { signal, onProgress = () => undefined, stallMs = 30_000 }: DownloadOptions = {},
): Promise<T> {
  const controller = new AbortController();
  const stopListening =
    signal === undefined
      ? () => undefined
      : onAbort(signal, () => {
          controller.abort(signal.reason);
        });
  const arrival = new Arrival(url, onProgress);
  const stopWatching = watch(stallMs, arrival, () => {
    controller.abort(new DOMException('no byte came', 'TimeoutError'));
  });
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok) throw refused(url, response);
    const counting = arrival.count(response.clone());
    // Both to their ends: an answer that broke off is the cause of whatever its reader says of it.
    const [result, counted] = await Promise.allSettled([read(response), counting]);
    if (counted.status === 'rejected') throw counted.reason;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  } catch (thrown) {
    if (signal?.aborted === true) throw signal.reason;
    if (controller.signal.aborted) throw arrival.stalled(stallMs / 1000);
    throw arrival.explain(thrown);
  } finally {
    stopWatching();
    stopListening();
    // Ends what is left of an answer that `read` did not want.
    controller.abort();
  }
}

/** The bytes of one file on their way. */
class Arrival {
  readonly #url: string;
  readonly #onProgress: (received: number, total: number | undefined) => void;
  #isAnswered = false;
  #received = 0;
  #total: number | undefined;
  #broken: unknown;

  constructor(url: string, onProgress: (received: number, total: number | undefined) => void) {
    this.#url = url;
    this.#onProgress = onProgress;
  }

  /** Grows with any sign of life. */
  get progress(): number {
    return this.#received + Number(this.#isAnswered);
  }

  /** Reads an answer to its end, to see its bytes go by. */
  async count({ body, headers }: Response): Promise<void> {
    const length = Number(headers.get('content-length') ?? NaN);
    // With an encoding it is the length of what travels, not of what arrives here.
    this.#total = Number.isFinite(length) && !headers.has('content-encoding') ? length : undefined;
    this.#isAnswered = true;
    if (body === null) return;
    const reader = body.getReader();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        this.#received += part.value?.byteLength ?? 0;
        this.#onProgress(this.#received, this.#total);
      }
    } catch (thrown) {
      this.#broken = thrown;
      throw thrown;
    }
  }

  stalled(seconds: number): DnnError {
    return this.#error(
      this.#isAnswered
        ? `${this.#url} stopped arriving: no byte for ${seconds} s ${this.#soFar()}.`
        : `${this.#url} does not answer: nothing came for ${seconds} s.`,
      'Check the connection and the server, then try again.',
    );
  }

  /** What an error means; one of the reader of the file stays as it is. */
  explain(thrown: unknown): unknown {
    if (thrown instanceof DnnError) return thrown;
    if (!this.#isAnswered) {
      return this.#error(
        `${this.#url} cannot be read: ${errorMessage(thrown)}.`,
        'Check the address; a file of another site needs CORS headers there, and on an isolated page ' +
          'Cross-Origin-Resource-Policy.',
        thrown,
      );
    }
    if (this.#broken === undefined) return thrown;
    return this.#error(
      `${this.#url} broke off ${this.#soFar()}: ${errorMessage(this.#broken)}.`,
      'Check the connection and the file on the server, then try again.',
      this.#broken,
    );
  }

  #soFar(): string {
    const total = this.#total === undefined ? '' : ` of ${this.#total}`;
    return `after ${this.#received}${total} bytes`;
  }

  #error(what: string, todo: string, cause?: unknown): DnnError {
    const details = { url: this.#url, received: this.#received, total: this.#total };
    return new DnnError('EIO', `${what} ${todo}`, details, cause === undefined ? {} : { cause });
  }
}

function refused(url: string, { status, statusText }: Response): DnnError {
  const text = statusText === '' ? '' : ` ${statusText}`;
  return new DnnError('ENOENT', `${url} cannot be read: the server answers ${status}${text}.`, {
    url,
    status,
  });
}

/** @returns stops watching. */
function watch(stallMs: number, arrival: Arrival, onStall: () => void): () => void {
  let seen = arrival.progress;
  let quiet = 0;
  let timer = setTimeout(look, stallMs / looks);
  function look(): void {
    quiet = arrival.progress === seen ? quiet + 1 : 0;
    seen = arrival.progress;
    if (quiet === looks) onStall();
    else timer = setTimeout(look, stallMs / looks);
  }
  return () => {
    clearTimeout(timer);
  };
}
