/** The writer's side of an output channel: turns a core's records into files. */
import { DnnError } from '../../base/errors.ts';
import { RingReader } from '../ring-reader.ts';
import type { OutputTargets } from './open-output.ts';
import {
  decodeHeader,
  headerLength,
  type OutputChannelBuffers,
  OutputOp,
  type OutputRecord,
  OutputReply,
  payloadCapacity,
  payloadLength,
  replyCapacity,
} from './output-channel.ts';
import { outputFailure } from './output-failure.ts';
import { MovieMender } from './movie-mender.ts';
import { OutputFiles } from './output-files.ts';
import type { OutputJournal } from './output-journal.ts';
import type { OutputResult } from './output-result.ts';
import type { TemplateSource } from './output-target.ts';

export class OutputWriter {
  readonly #reader: RingReader;
  readonly #reply: OutputReply;
  readonly #files: OutputFiles;
  readonly #payload = new Uint8Array(payloadCapacity);
  readonly #header = new Uint8Array(headerLength);
  readonly #answer = new Uint8Array(replyCapacity);

  readonly #journal: OutputJournal | undefined;

  /**
   * @param templateOf for files that ffmpeg does not finish; without it they stay as they are.
   * @param journal hears of every record.
   */
  constructor(
    channel: OutputChannelBuffers,
    outputs: OutputTargets,
    templateOf?: TemplateSource,
    journal?: OutputJournal,
  ) {
    this.#journal = journal;
    this.#reader = new RingReader(channel.requests);
    this.#reply = new OutputReply(channel.reply);
    this.#files = new OutputFiles(outputs, templateOf && new MovieMender(templateOf));
  }

  /**
   * Works until the channel ends or breaks, then finishes the files. Never rejects: an error of a target
   * closes the channel, so that ffmpeg's next write fails with ENOSPC or EIO, and is reported here.
   */
  async run(): Promise<OutputResult> {
    let failed: OutputResult['error'];
    try {
      await this.#work();
    } catch (thrown) {
      failed = outputFailure(thrown);
      this.#reader.closeReader(failed.message, failed.code);
    }
    const result = await this.#files.finish();
    return failed === undefined ? result : { ...result, error: failed };
  }

  async #work(): Promise<void> {
    while (await this.#fill(this.#header)) {
      const record = decodeHeader(this.#header);
      const length = payloadLength(record);
      if (length > payloadCapacity)
        throw new DnnError('EIO', `An output record of ${length} bytes is not possible.`);
      const payload = this.#payload.subarray(0, length);
      if (!(await this.#fill(payload)))
        throw new DnnError('EIO', 'The output channel ended inside a record.');
      if (record.op === OutputOp.read) {
        await this.#answerRead(record);
        continue;
      }
      const pending = this.#files.apply(record, payload);
      if (pending !== undefined) await pending;
      this.#journal?.note(record, payload);
    }
  }

  /** False at the end of the channel. */
  async #fill(into: Uint8Array): Promise<boolean> {
    let done = 0;
    while (done < into.length) {
      const count = await this.#reader.read(into.subarray(done));
      if (count === 0 && done > 0) throw new DnnError('EIO', 'The output channel ended inside a record.');
      if (count === 0) return false;
      done += count;
    }
    return true;
  }

  async #answerRead({ file, offset, length }: OutputRecord): Promise<void> {
    try {
      const count = await this.#files.read(file, offset, this.#answer.subarray(0, length));
      this.#reply.answer(count === undefined ? undefined : this.#answer.subarray(0, count));
    } catch (thrown) {
      this.#reply.answer(undefined);
      throw thrown;
    }
  }
}
