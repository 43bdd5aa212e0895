/**
 * What a run does to its output files, in a file beside them that outlives the writer: where a writer dies,
 * another one learns from it which files there are and what it takes to finish them. Its entries are the
 * records of the run, without the bytes of a write but those by which a file begins.
 */
import { decodeHeader, encodeHeader, headerLength, OutputOp, type OutputRecord } from './output-channel.ts';

/** Where a run keeps its files. */
export interface SpoolRun {
  readonly folder: FileSystemDirectoryHandle;
  /** Their names begin with it. */
  readonly run: string;
}

/** Enough of a file to tell its kind. */
const startLength = 16;

/** Bytes behind the header of an entry. */
function keptLength({ op, offset, length }: OutputRecord): number {
  if (op === OutputOp.write) return offset === 0 ? Math.min(length, startLength) : 0;
  return length;
}

/** Name of a run's journal in its folder. */
export function journalName(run: string): string {
  return `${run}.journal`;
}

/** The runs of a folder that have a journal. */
export async function journaledRuns(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const ending = journalName('');
  const runs: string[] = [];
  for await (const name of folder.keys()) if (name.endsWith(ending)) runs.push(name.slice(0, -ending.length));
  return runs;
}

/** Bytes of entries that are gathered before they are written: each write of the file system costs more. */
const gatheredBytes = 65_536;

/**
 * The writer's side. What makes, renames, cuts or removes a file is in the journal once `note` has returned;
 * writes and packets are gathered, for a moment, so a writer that dies takes the last of them with it.
 */
export class OutputJournal {
  readonly #spool: SpoolRun;
  readonly #gatherMilliseconds: number;
  readonly #gathered = new Uint8Array(gatheredBytes);
  #handle: FileSystemSyncAccessHandle | undefined;
  #size = 0;
  #waiting = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(spool: SpoolRun, handle: FileSystemSyncAccessHandle, gatherMilliseconds: number) {
    this.#spool = spool;
    this.#handle = handle;
    this.#gatherMilliseconds = gatherMilliseconds;
  }

  /** @param gatherMilliseconds for which a write or a packet waits for others, at most. */
  static async create(spool: SpoolRun, gatherMilliseconds = 200): Promise<OutputJournal> {
    const file = await spool.folder.getFileHandle(journalName(spool.run), { create: true });
    return new OutputJournal(spool, await file.createSyncAccessHandle(), gatherMilliseconds);
  }

  /** A record that was carried out. @param payload as it came with it. */
  note(record: OutputRecord, payload: Uint8Array): void {
    if (record.op === OutputOp.close || record.op === OutputOp.read) return;
    const kept = payload.subarray(0, keptLength(record));
    if (this.#waiting + headerLength + kept.length > gatheredBytes) this.#writeGathered();
    this.#gathered.set(encodeHeader(record), this.#waiting);
    this.#waiting += headerLength;
    if (kept.length > gatheredBytes - this.#waiting) {
      this.#writeGathered();
      this.#write(kept);
    } else {
      this.#gathered.set(kept, this.#waiting);
      this.#waiting += kept.length;
    }
    if (record.op !== OutputOp.write && record.op !== OutputOp.packet) this.#writeGathered();
    else
      this.#timer ??= setTimeout(() => {
        this.#writeGathered();
      }, this.#gatherMilliseconds);
  }

  /** The files are finished: nobody needs the journal any more. */
  async remove(): Promise<void> {
    this.#waiting = 0;
    this.#end();
    await removeJournal(this.#spool);
  }

  #writeGathered(): void {
    const waiting = this.#gathered.subarray(0, this.#waiting);
    this.#waiting = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (waiting.length > 0) this.#write(waiting);
  }

  #write(bytes: Uint8Array): void {
    try {
      this.#size += this.#handle?.write(bytes, { at: this.#size }) ?? 0;
    } catch {
      // No space: the outputs may have some, and none of them needs a journal as long as the writer lives.
      this.#end();
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#handle?.close();
    this.#handle = undefined;
  }
}

export async function removeJournal({ folder, run }: SpoolRun): Promise<void> {
  await folder.removeEntry(journalName(run));
}

/** Of a writer that is gone; rejects with a NotFoundError where there is none. */
export async function journalBytes({ folder, run }: SpoolRun): Promise<Uint8Array> {
  const file = await (await folder.getFileHandle(journalName(run))).getFile();
  return new Uint8Array(await file.arrayBuffer());
}

/** The entries of a journal; of a write `payload` is only what was kept. The last one may be cut off. */
export function* journalEntries(
  bytes: Uint8Array,
): Generator<{ readonly record: OutputRecord; readonly payload: Uint8Array }, void, undefined> {
  let at = 0;
  while (at + headerLength <= bytes.length) {
    const record = decodeHeader(bytes.subarray(at));
    const start = at + headerLength;
    at = start + keptLength(record);
    if (at > bytes.length) return;
    yield { record, payload: bytes.subarray(start, at) };
  }
}
