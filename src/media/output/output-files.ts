/** The output files of one run, as a core's records make them. */
import { existingSize } from '../mp4/mend-movie.ts';
import { deliver } from './deliver.ts';
import { openOutput, type OutputTargets, targetOf } from './open-output.ts';
import { OpfsFile } from './opfs-file.ts';
import { OutputOp, type OutputRecord, replyCapacity } from './output-channel.ts';
import { outputFailure } from './output-failure.ts';
import type { MovieMender } from './movie-mender.ts';
import type { MendedFile, OutputResult, WrittenFile } from './output-result.ts';
import type { OutputFile, OutputTarget } from './output-target.ts';

interface Entry {
  file: OutputFile;
  /** The target that the file writes to directly, if it does. */
  direct: OutputTarget | undefined;
  path: string;
  size: number;
}

export class OutputFiles {
  readonly #outputs: OutputTargets;
  /** By the number that the core gave them. */
  readonly #entries = new Map<number, Entry>();
  readonly #copied = new Uint8Array(replyCapacity);

  readonly #mender: MovieMender | undefined;

  /** @param mender looks after files that may not be finished. */
  constructor(outputs: OutputTargets, mender?: MovieMender) {
    this.#outputs = outputs;
    this.#mender = mender;
  }

  /**
   * Does what a record asks for, any but a read. One at a time: a promise is awaited before the next call.
   *
   * @param payload valid during the call only.
   * @throws OutputFailure that names the output.
   */
  apply(record: OutputRecord, payload: Uint8Array): void | Promise<void> {
    try {
      return this.#apply(record, payload)?.catch((thrown: unknown) => {
        throw this.#failure(record.file, thrown);
      });
    } catch (thrown) {
      throw this.#failure(record.file, thrown);
    }
  }

  /**
   * Copies bytes of a file from `offset` on, at most `into.length`.
   *
   * @returns their number; undefined for a file that is not there any more.
   * @throws OutputFailure that names the output.
   */
  async read(file: number, offset: number, into: Uint8Array): Promise<number | undefined> {
    try {
      return await this.#entries.get(file)?.file.read(offset, into);
    } catch (thrown) {
      throw this.#failure(file, thrown);
    }
  }

  /**
   * Takes a record that another one carried out, and whose files this one finds: nothing is done to them.
   *
   * @param payload of a write only the first bytes, where it is the first one of a file.
   */
  restore(record: OutputRecord, payload: Uint8Array): void {
    const { op, file: id, offset, length } = record;
    if (op === OutputOp.create) this.#open(id, new TextDecoder().decode(payload));
    else this.#mender?.note(record, payload);
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (op === OutputOp.write) entry.size = Math.max(entry.size, offset + length);
    if (op === OutputOp.truncate) entry.size = offset;
    if (op === OutputOp.unlink) this.#entries.delete(id);
    if (op === OutputOp.rename) this.#restoreRename(id, entry.size, new TextDecoder().decode(payload));
  }

  /** As `finish`, after the last record to restore. A file of which nothing is there is left out. */
  async finishRestored(): Promise<OutputResult> {
    let error: OutputResult['error'];
    for (const [id, entry] of this.#entries) {
      try {
        if (await this.#measure(entry)) continue;
        if (entry.direct === undefined) await entry.file.discard();
      } catch (thrown) {
        error ??= outputFailure(thrown, entry.path);
      }
      this.#entries.delete(id);
    }
    return { ...(error && { error }), ...(await this.finish()) };
  }

  /** After the last record: completes every file. Never rejects; one that fails takes no other with it. */
  async finish(): Promise<OutputResult> {
    const files: WrittenFile[] = [];
    const mended: MendedFile[] = [];
    let error: OutputResult['error'];
    for (const [id, entry] of this.#entries) {
      try {
        const result = await this.#mender?.mend(id, entry.path, entry.size, entry.file);
        if (result !== undefined) mended.push({ path: entry.path, ...result });
        if (result !== undefined && 'size' in result) entry.size = result.size;
        files.push(await this.#finish(entry));
      } catch (thrown) {
        error ??= outputFailure(thrown, entry.path);
      }
    }
    return { files, ...(mended.length > 0 && { mended }), ...(error && { error }) };
  }

  #open(id: number, path: string): void {
    this.#entries.set(id, { ...openOutput(this.#outputs, id, path), path, size: 0 });
  }

  #restoreRename(id: number, size: number, path: string): void {
    for (const [otherId, other] of this.#entries) if (other.path === path) this.#entries.delete(otherId);
    this.#entries.set(id, { ...openOutput(this.#outputs, id, path, false), path, size });
  }

  /** What its writer had not yet sent went with it. False for a file of no bytes. */
  async #measure(entry: Entry): Promise<boolean> {
    entry.size = await existingSize((offset, into) => entry.file.read(offset, into), entry.size);
    if (entry.size > 0) await entry.file.truncate(entry.size);
    return entry.size > 0;
  }

  #failure(file: number, thrown: unknown): Error {
    return outputFailure(thrown, this.#entries.get(file)?.path ?? `output ${file}`);
  }

  #apply(record: OutputRecord, payload: Uint8Array): undefined | Promise<void> {
    if (record.op === OutputOp.create) {
      this.#open(record.file, new TextDecoder().decode(payload));
      return undefined;
    }
    this.#mender?.note(record, payload);
    const entry = this.#entries.get(record.file);
    // A file that was unlinked while open, which POSIX allows to be written to.
    if (entry === undefined) return undefined;
    switch (record.op) {
      case OutputOp.write:
        entry.size = Math.max(entry.size, record.offset + payload.length);
        return entry.file.write(record.offset, payload) ?? undefined;
      case OutputOp.truncate:
        entry.size = record.offset;
        return entry.file.truncate(record.offset) ?? undefined;
      case OutputOp.rename:
        return this.#rename(record.file, entry, new TextDecoder().decode(payload));
      case OutputOp.unlink:
        this.#entries.delete(record.file);
        return entry.file.discard();
      case OutputOp.close:
        return entry.file.rest() ?? undefined;
      case OutputOp.read:
      case OutputOp.packet:
        return undefined;
    }
  }

  async #rename(id: number, entry: Entry, path: string): Promise<void> {
    if (entry.direct !== undefined && entry.direct !== targetOf(this.#outputs, path)) {
      await this.#copy(id, entry, path);
    } else {
      await entry.file.rename(path);
    }
    entry.path = path;
    for (const [otherId, other] of this.#entries) {
      if (other === entry || other.path !== path) continue;
      // The core unlinks it next: that must not take what has just come into its place.
      this.#entries.delete(otherId);
      const isReplaced = entry.direct !== undefined && entry.direct === other.direct;
      if (!isReplaced) await other.file.discard();
    }
  }

  /** Takes a file to where files of a new path are kept: a target keeps only what stays with it. */
  async #copy(id: number, entry: Entry, path: string): Promise<void> {
    const { file, direct } = openOutput(this.#outputs, id, path, false);
    let offset = 0;
    for (;;) {
      const count = await entry.file.read(offset, this.#copied);
      if (count === 0) break;
      await file.write(offset, this.#copied.subarray(0, count));
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
