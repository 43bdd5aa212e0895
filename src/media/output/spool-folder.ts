/**
 * The folder of the origin private file system (OPFS) in which one page keeps its outputs. A Web Lock says
 * that the folder is in use, so that what a closed or crashed page left behind is swept by the next one.
 */
import { journaledRuns } from './output-journal.ts';
import { hold, spoolLock, topFolder, webLocks } from './spool-lock.ts';

async function openTop(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(topFolder, { create: true });
}

/** The owner's side: lives as long as the outputs are needed. */
export class SpoolFolder {
  /** To be handed to the writers: see `openSpool`. */
  readonly name: string;
  readonly #release: () => void;

  private constructor(name: string, release: () => void) {
    this.name = name;
    this.#release = release;
  }

  /**
   * A new folder, or undefined where there is no OPFS (insecure page, private
   * mode): outputs stay in memory then.
   *
   * @param name no other folder has it.
   */
  static async create(name: string = crypto.randomUUID()): Promise<SpoolFolder | undefined> {
    try {
      const top = await openTop();
      const locks = webLocks();
      const release = await hold(locks, spoolLock(name));
      if (locks !== undefined) await sweep(top, locks);
      await top.getDirectoryHandle(name, { create: true });
      return new SpoolFolder(name, release);
    } catch {
      // Any reason means the same here: there is no such folder to be had, and memory does as well.
      return undefined;
    }
  }

  /** A folder whose worker died. Its lock is the page's. */
  static left(name: string): SpoolFolder {
    return new SpoolFolder(name, () => undefined);
  }

  /** The runs whose writers did not finish. */
  async unfinishedRuns(): Promise<string[]> {
    return journaledRuns(await openSpool(this.name));
  }

  /** Deletes one output; a Blob of it can no longer be read. Deleting twice is no error. */
  async remove(fileName: string): Promise<void> {
    const folder = await openSpool(this.name);
    await removeIfThere(folder, fileName);
  }

  /** Deletes everything. */
  async close(): Promise<void> {
    const top = await openTop();
    await removeIfThere(top, this.name);
    this.#release();
  }
}

/** The folder by its name, in any worker of the same origin. */
export async function openSpool(name: string): Promise<FileSystemDirectoryHandle> {
  const top = await openTop();
  return top.getDirectoryHandle(name, { create: true });
}

async function sweep(top: FileSystemDirectoryHandle, locks: LockManager): Promise<void> {
  // The names are listed first: a folder that appears later is not in the list,
  // one that is there holds its lock.
  const names: string[] = [];
  for await (const name of top.keys()) names.push(name);
  const state = await locks.query();
  const used = new Set([...(state.held ?? []), ...(state.pending ?? [])].map((lock) => lock.name));
  for (const name of names) {
    if (!used.has(spoolLock(name))) await removeIfThere(top, name);
  }
}

async function removeIfThere(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await folder.removeEntry(name, { recursive: true });
  } catch (thrown) {
    // Another page swept it, or a handle is still open: then the next sweep gets it.
    const expected = ['NotFoundError', 'NoModificationAllowedError', 'InvalidStateError'];
    if (!(thrown instanceof DOMException) || !expected.includes(thrown.name)) throw thrown;
  }
}
