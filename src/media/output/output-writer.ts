/** The writer's side of an output channel: turns a core's records into files. */
import { DnnError } from '../../base/errors.ts';
import { RingReader } from '../ring-reader.ts';
import { deliver } from './deliver.ts';
import { openOutput, type OutputTargets, targetOf } from './open-output.ts';
import { OpfsFile } from './opfs-file.ts';
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
import type { OutputResult, WrittenFile } from './output-result.ts';
import type { OutputFile, OutputTarget } from './output-target.ts';

interface Entry {
  file: OutputFile;
  /** The target that the file writes to directly, if it does. */
  direct: OutputTarget | undefined;
  path: string;
  size: number;
}

export class OutputWriter {
  readonly #reader: RingReader;
  readonly #reply: OutputReply;
  readonly #outputs: OutputTargets;
  readonly #entries = new Map<number, Entry>();
  readonly #payload = new Uint8Array(payloadCapacity);
  readonly #header = new Uint8Array(headerLength);
  readonly #answer = new Uint8Array(replyCapacity);

  constructor(channel: OutputChannelBuffers, outputs: OutputTargets) {
    this.#reader = new RingReader(channel.requests);
    this.#reply = new OutputReply(channel.reply);
    this.#outputs = outputs;
  }

  /**
   * Works until the channel ends or breaks, then finishes the files. Never rejects: an error of a target
   * closes the channel, so that ffmpeg's next write fails with ENOSPC or EIO, and is reported here.
   */
  async run(): Promise<OutputResult> {
    let error: OutputResult['error'];
    try {
      await this.#work();
    } catch (thrown) {
      error = outputFailure(thrown);
      this.#reader.closeReader(error.message, error.code);
    }
    const files: WrittenFile[] = [];
    for (const entry of this.#entries.values()) {
      try {
        files.push(await this.#finish(entry));
      } catch (thrown) {
        error ??= outputFailure(thrown, entry.path);
      }
    }
    return error === undefined ? { files } : { files, error };
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
      try {
        const pending = this.#handle(record, payload);
        if (pending !== undefined) await pending;
      } catch (thrown) {
        throw outputFailure(thrown, this.#entries.get(record.file)?.path ?? `output ${record.file}`);
      }
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

  #handle(record: OutputRecord, payload: Uint8Array): void | Promise<void> {
    if (record.op === OutputOp.create) {
      const path = new TextDecoder().decode(payload);
      this.#entries.set(record.file, {
        ...openOutput(this.#outputs, path, !path.startsWith('/')),
        path,
        size: 0,
      });
      return;
    }
    const entry = this.#entries.get(record.file);
    // A file that was unlinked while open, which POSIX allows to be written to.
    if (entry === undefined) {
      if (record.op === OutputOp.read) this.#reply.answer(undefined);
      return;
    }
    switch (record.op) {
      case OutputOp.write:
        entry.size = Math.max(entry.size, record.offset + payload.length);
        return entry.file.write(record.offset, payload);
      case OutputOp.truncate:
        entry.size = record.offset;
        return entry.file.truncate(record.offset);
      case OutputOp.read:
        return this.#answerRead(entry, record);
      case OutputOp.rename:
        return this.#rename(entry, new TextDecoder().decode(payload));
      case OutputOp.unlink:
        this.#entries.delete(record.file);
        return entry.file.discard();
      case OutputOp.close:
        return entry.file.rest();
    }
  }

  async #answerRead(entry: Entry, record: OutputRecord): Promise<void> {
    try {
      const count = await entry.file.read(record.offset, this.#answer.subarray(0, record.length));
      this.#reply.answer(this.#answer.subarray(0, count));
    } catch (thrown) {
      this.#reply.answer(undefined);
      throw thrown;
    }
  }

  async #rename(entry: Entry, path: string): Promise<void> {
    if (entry.direct !== undefined && entry.direct !== targetOf(this.#outputs, path)) {
      await this.#copy(entry, path);
    } else {
      await entry.file.rename(path);
    }
    entry.path = path;
    for (const [id, other] of this.#entries) {
      if (other === entry || other.path !== path) continue;
      // The core unlinks it next: that must not take what has just come into its place.
      this.#entries.delete(id);
      const isReplaced = entry.direct !== undefined && entry.direct === other.direct;
      if (!isReplaced) await other.file.discard();
    }
  }

  /** Takes a file to where files of a new path are kept: a target keeps only what stays with it. */
  async #copy(entry: Entry, path: string): Promise<void> {
    const { file, direct } = openOutput(this.#outputs, path, false);
    let offset = 0;
    for (;;) {
      const count = await entry.file.read(offset, this.#answer);
      if (count === 0) break;
      await file.write(offset, this.#answer.subarray(0, count));
      offset += count;
    }
    await entry.file.discard();
    entry.file = file;
    entry.direct = direct;
  }

  async #finish(entry: Entry): Promise<WrittenFile> {
    const { path, size, file, direct } = entry;
    const target = targetOf(this.#outputs, path);
    const blob = await file.finish();
    if (blob === undefined) return { path, size };
    if (target !== undefined && target !== direct) {
      await deliver(blob, target, path);
      await file.discard();
      return { path, size };
    }
    return { path, size, blob, ...(file instanceof OpfsFile ? { spoolName: file.name } : {}) };
  }
}
