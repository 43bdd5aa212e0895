/** The writer of one run: where its worker dies or hangs, another one finishes what it wrote. */
import { DnnError, errorMessage } from '../base/errors.ts';
import { FrameRing, readerTurnWord } from '../media/frame-ring.ts';
import type { OutputChannelBuffers } from '../media/output/output-channel.ts';
import { isStreamTarget, type TemplateSource } from '../media/output/output-target.ts';
import { watchAnswers } from './answer-watch.ts';
import { unpackError } from './packed-error.ts';
import { proxied, transferOutputs } from './proxied.ts';
import type { WorkerClient } from './worker-client.ts';
import type { WriterApi, WriterOutputs, WriterResult } from './writer-api.ts';

/** What became of the outputs. */
export interface LastingResult extends WriterResult {
  /** That the writer was lost, and what is there nevertheless; it names the writer, its cause is its end. */
  readonly lost?: DnnError;
}

export class LastingWriter {
  readonly #start: () => WorkerClient<WriterApi>;
  readonly #outputs: WriterOutputs;
  readonly #templateOf: TemplateSource | undefined;
  readonly #ring: FrameRing;
  readonly #writing: Promise<WriterResult>;
  #writer: WorkerClient<WriterApi>;
  #isAborted = false;

  /**
   * @param start gives a worker that is this one's from then on.
   * @param outputs their streams are transferred.
   * @param templateOf for files that ffmpeg does not finish; without it they stay as they are.
   */
  constructor(
    start: () => WorkerClient<WriterApi>,
    channel: OutputChannelBuffers,
    outputs: WriterOutputs,
    templateOf: TemplateSource | undefined,
  ) {
    this.#start = start;
    this.#outputs = outputs;
    this.#templateOf = templateOf;
    this.#ring = new FrameRing(channel.requests);
    this.#writer = start();
    this.#writing = this.#writer.call((api): Promise<WriterResult> =>
      api.run(channel, transferOutputs(outputs), templateOf && proxied(templateOf)),
    );
    this.#watch();
  }

  /**
   * Settles once every file is complete. To be called once.
   *
   * @throws DnnError where the writer was lost and nothing could be kept; the reason of an `abort`.
   */
  async finish(): Promise<LastingResult> {
    // A job that failed before its encoder started has no core that ends the channel.
    this.#ring.end();
    try {
      return await this.#writing.catch((reason: unknown) => this.#recover(reason));
    } finally {
      this.#writer.terminate();
    }
  }

  /** Ends the worker at once. */
  abort(): void {
    this.#isAborted = true;
    this.#writer.terminate();
  }

  /** It waits for its targets as long as they take, but never without answering meanwhile. */
  #watch(): void {
    const stop = watchAnswers(
      this.#writer,
      (api) => api.answer(),
      () => Atomics.load(this.#ring.words, readerTurnWord),
    );
    this.#writing.finally(stop).catch((error: unknown) => {
      // Reported by finish(); ffmpeg must not wait for a writer that is gone.
      this.#ring.closeReader(errorMessage(error), 'EIO');
    });
  }

  /** @param reason of the end of the first worker. */
  async #recover(reason: unknown): Promise<LastingResult> {
    const { targets, fallback, spool } = this.#outputs;
    if (this.#isAborted || spool === undefined) throw reason;
    // Streams went with the writer: what was for them stays in the browser.
    const left = new Map([...targets].filter(([, target]) => !isStreamTarget(target)));
    const templateOf = this.#templateOf && proxied(this.#templateOf);
    this.#writer = this.#start();
    try {
      const result = await this.#writer.call((api): Promise<WriterResult> =>
        api.recover({ targets: left, fallback, spool }, templateOf),
      );
      return { ...result, lost: lostWriter(reason, keptText(result)) };
    } catch (thrown) {
      throw lostWriter(reason, `Nothing that it wrote could be kept: ${errorMessage(thrown)}`);
    }
  }
}

function keptText({ files, failure }: WriterResult): string {
  const first = files.slice(0, 3).map(({ path, size }) => `${path} (${size} bytes)`);
  const more = files.length > 3 ? ` and ${files.length - 3} more` : '';
  const kept =
    files.length === 0 ? 'No file is there yet.' : `What it wrote is kept: ${first.join(', ')}${more}.`;
  return failure === undefined ? kept : `${kept} ${errorMessage(unpackError(failure))}`;
}

function lostWriter(reason: unknown, kept: string): DnnError {
  const details = reason instanceof DnnError ? reason.details : {};
  return new DnnError('DNN_GENERIC_ERROR', `${errorMessage(reason)} ${kept}`, details, { cause: reason });
}
