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

/** The writer's side. Every entry is in the file once `note` has returned. */
export class OutputJournal {
  readonly #spool: SpoolRun;
  #handle: FileSystemSyncAccessHandle | undefined;
  #size = 0;

  private constructor(spool: SpoolRun, handle: FileSystemSyncAccessHandle) {
    this.#spool = spool;
    this.#handle = handle;
  }

  static async create(spool: SpoolRun): Promise<OutputJournal> {
    const file = await spool.folder.getFileHandle(journalName(spool.run), { create: true });
    return new OutputJournal(spool, await file.createSyncAccessHandle());
  }

  /** A record that was carried out. @param payload as it came with it. */
  note(record: OutputRecord, payload: Uint8Array): void {
    if (record.op === OutputOp.close || record.op === OutputOp.read) return;
    const kept = payload.subarray(0, keptLength(record));
    const entry = new Uint8Array(headerLength + kept.length);
    entry.set(encodeHeader(record));
    entry.set(kept, headerLength);
    try {
      this.#size += this.#handle?.write(entry, { at: this.#size }) ?? 0;
    } catch {
      // No space: the outputs may have some, and none of them needs a journal as long as the writer lives.
      this.#handle?.close();
      this.#handle = undefined;
    }
  }

  /** The files are finished: nobody needs the journal any more. */
  async remove(): Promise<void> {
    this.#handle?.close();
    this.#handle = undefined;
    await removeJournal(this.#spool);
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
