/**
 * The one file store of the pipeline worker: every user file by its absolute path. Contents are Blobs, never
 * copied; the calls and their refusals are those of `@ffmpeg/ffmpeg`'s in-memory file system.
 */
import { DnnError } from '../base/errors.ts';
import { resolvePath } from './resolve-path.ts';

/** An entry of a folder. */
export interface StoreEntry {
  readonly name: string;
  readonly isDir: boolean;
}

/** A file as the store holds it. */
export interface StoredFile {
  readonly blob: Blob;
  /** Called once when the store lets the file go. */
  readonly release?: (() => void) | undefined;
  /** Somebody outside has the Blob, who may read it when the store has another file of this name. */
  readonly isHandedOut?: boolean;
}

const stockFolders = ['/tmp', '/home', '/home/web_user', '/dev', '/proc'];

export class FileStore {
  readonly #files = new Map<string, StoredFile>();
  readonly #folders = new Set<string>(['/', ...stockFolders]);
  /** By path: what lets those files go that were handed out before another one took their name. */
  readonly #replaced = new Map<string, (() => void)[]>();

  /** Files with their absolute paths, in the order in which they came. */
  *files(): IterableIterator<{ path: string; blob: Blob }> {
    for (const [path, file] of this.#files) yield { path, blob: file.blob };
  }

  /** Folders that a core does not have by itself. */
  folders(): string[] {
    return [...this.#folders].filter((path) => path !== '/' && !stockFolders.includes(path));
  }

  exists(path: string): boolean {
    const absolute = resolvePath(path);
    return this.#files.has(absolute) || this.#folders.has(absolute);
  }

  isFolder(path: string): boolean {
    return this.#folders.has(resolvePath(path));
  }

  /** True for a file, false for a folder and for nothing. */
  isFile(path: string): boolean {
    return this.#files.has(resolvePath(path));
  }

  /**
   * Stores or replaces a file. A Blob or File is kept as it is; bytes are copied once, into a Blob.
   *
   * @throws DnnError ENOENT if the folder is missing, EINVAL if the path is a folder.
   */
  writeFile(path: string, data: Blob | Uint8Array<ArrayBuffer> | string): void {
    const absolute = this.#freePath(path, 'write');
    if (!this.#folders.has(parentOf(absolute))) {
      throw new DnnError(
        'ENOENT',
        `Cannot write ${path}: there is no folder ${parentOf(absolute)}. Make it with createDir.`,
        { path },
      );
    }
    this.#set(absolute, { blob: data instanceof Blob ? data : new Blob([data]) });
  }

  /**
   * Stores an output of a run; missing folders are made. `release` is called when the store lets the file go:
   * when it is deleted, and when another one takes its name, unless its Blob was handed out.
   */
  putOutput(path: string, blob: Blob, release?: () => void): void {
    const absolute = this.#freePath(path, 'write');
    this.makeFolders(parentOf(absolute));
    this.#set(absolute, { blob, release });
  }

  /** Makes a folder and those above it, where they are missing. */
  makeFolders(path: string): void {
    let folder = resolvePath(path);
    for (; !this.#folders.has(folder); folder = parentOf(folder)) this.#folders.add(folder);
  }

  /** @throws DnnError ENOENT, with the names that the folder has. */
  blob(path: string): Blob {
    return this.#file(path, 'read').blob;
  }

  /**
   * As `blob`, for somebody who keeps it: it can be read until `deleteFile` of this path, also
   * when another file took its name.
   */
  handOut(path: string): Blob {
    const file = this.#file(path, 'read');
    this.#files.set(resolvePath(path), { ...file, isHandedOut: true });
    return file.blob;
  }

  /**
   * The bytes, or the text with `utf8`.
   * @throws DnnError ENOENT; EIO if the browser cannot read the file any more.
   */
  async readFile(path: string, encoding = 'binary'): Promise<Uint8Array<ArrayBuffer> | string> {
    if (encoding !== 'binary' && encoding !== 'utf8') {
      throw new DnnError('EINVAL', `Cannot read ${path} as ${encoding}: the encodings are binary and utf8.`, {
        path,
      });
    }
    const blob = this.blob(path);
    try {
      return encoding === 'utf8' ? await blob.text() : new Uint8Array(await blob.arrayBuffer());
    } catch (thrown) {
      throw new DnnError(
        'EIO',
        `Cannot read ${path}: the file has changed or gone since it was added.`,
        { path },
        { cause: thrown },
      );
    }
  }

  /**
   * Lets a file go, and those that had its path before and were handed out.
   * @throws DnnError ENOENT; EINVAL for a folder.
   */
  deleteFile(path: string): void {
    const file = this.#file(path, 'delete');
    const absolute = resolvePath(path);
    this.#files.delete(absolute);
    file.release?.();
    for (const release of this.#replaced.get(absolute) ?? []) release();
    this.#replaced.delete(absolute);
  }

  /** Takes a file out of the store as it is, to be put back; undefined where there is none. */
  takeOut(path: string): StoredFile | undefined {
    const absolute = resolvePath(path);
    const file = this.#files.get(absolute);
    this.#files.delete(absolute);
    return file;
  }

  /** Puts back what `takeOut` gave; lets it go where its path was taken meanwhile, or its folder is gone. */
  putBack(path: string, file: StoredFile): void {
    const absolute = resolvePath(path);
    if (!this.exists(absolute) && this.#folders.has(parentOf(absolute))) this.#files.set(absolute, file);
    else file.release?.();
  }

  /** Moves a file or a folder; a file that has the new name is replaced. @throws DnnError ENOENT, EINVAL. */
  rename(oldPath: string, newPath: string): void {
    const from = resolvePath(oldPath);
    const to = resolvePath(newPath);
    if (from === to && this.exists(from)) return;
    if (!this.#folders.has(parentOf(to))) {
      throw new DnnError(
        'ENOENT',
        `Cannot rename ${oldPath} to ${newPath}: there is no folder ${parentOf(to)}.`,
        { path: newPath },
      );
    }
    if (this.#folders.has(from)) {
      this.#renameFolder(from, to, oldPath, newPath);
      return;
    }
    const file = this.#file(oldPath, 'rename');
    this.#freePath(newPath, `rename ${oldPath} to`);
    this.#files.delete(from);
    this.#set(to, file);
  }

  /** @throws DnnError EINVAL if it exists, ENOENT if its parent does not. */
  createDir(path: string): void {
    const absolute = resolvePath(path);
    if (this.exists(absolute))
      throw new DnnError('EINVAL', `Cannot make the folder ${path}: it exists.`, { path });
    if (!this.#folders.has(parentOf(absolute))) {
      throw new DnnError(
        'ENOENT',
        `Cannot make the folder ${path}: there is no folder ${parentOf(absolute)}.`,
        { path },
      );
    }
    this.#folders.add(absolute);
  }

  /** The folder's entries by name, with `.` and `..` first as stock has them. @throws DnnError ENOENT. */
  listDir(path: string): StoreEntry[] {
    const folder = this.#folder(path, 'list');
    const below = (name: string): boolean => name !== '/' && parentOf(name) === folder;
    const entries = [
      ...[...this.#folders].filter(below).map((name) => ({ name: baseOf(name), isDir: true })),
      ...[...this.#files.keys()].filter(below).map((name) => ({ name: baseOf(name), isDir: false })),
    ];
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    return [{ name: '.', isDir: true }, { name: '..', isDir: true }, ...entries];
  }

  /** @throws DnnError ENOENT; EINVAL if it is not empty. */
  deleteDir(path: string): void {
    const folder = this.#folder(path, 'delete');
    if (this.listDir(folder).length > 2)
      throw new DnnError('EINVAL', `Cannot delete the folder ${path}: it is not empty.`, { path });
    if (folder === '/') throw new DnnError('EINVAL', 'Cannot delete the root folder.', { path });
    this.#folders.delete(folder);
  }

  #renameFolder(from: string, to: string, oldPath: string, newPath: string): void {
    if (from === '/' || `${to}/`.startsWith(`${from}/`) || this.exists(to)) {
      throw new DnnError(
        'EINVAL',
        `Cannot rename the folder ${oldPath} to ${newPath}: it exists or lies inside.`,
        { path: newPath },
      );
    }
    const moved = (path: string): string => to + path.slice(from.length);
    const inside = (path: string): boolean => path === from || path.startsWith(`${from}/`);
    for (const path of [...this.#folders].filter(inside)) {
      this.#folders.delete(path);
      this.#folders.add(moved(path));
    }
    for (const [path, file] of [...this.#files].filter(([name]) => inside(name))) {
      this.#files.delete(path);
      this.#files.set(moved(path), file);
    }
  }

  #set(absolute: string, file: StoredFile): void {
    const old = this.#files.get(absolute);
    this.#files.set(absolute, file);
    if (old?.release === undefined || old === file) return;
    if (old.isHandedOut === true)
      this.#replaced.set(absolute, [...(this.#replaced.get(absolute) ?? []), old.release]);
    else old.release();
  }

  #freePath(path: string, action: string): string {
    const absolute = resolvePath(path);
    if (path === '' || this.#folders.has(absolute)) {
      throw new DnnError(
        'EINVAL',
        `Cannot ${action} ${path === '' ? 'a file without a name' : path}: it is a folder.`,
        { path },
      );
    }
    return absolute;
  }

  #folder(path: string, action: string): string {
    const absolute = resolvePath(path);
    if (this.#folders.has(absolute)) return absolute;
    const why = this.#files.has(absolute) ? 'it is a file' : 'there is no such folder';
    throw new DnnError('ENOENT', `Cannot ${action} ${path}: ${why}.`, { path });
  }

  #file(path: string, action: string): StoredFile {
    const absolute = resolvePath(path);
    const file = this.#files.get(absolute);
    if (file !== undefined) return file;
    if (this.#folders.has(absolute))
      throw new DnnError('EINVAL', `Cannot ${action} ${path}: it is a folder.`, { path });
    const folder = parentOf(absolute);
    const names = this.#folders.has(folder) ? this.listDir(folder).filter((entry) => !entry.isDir) : [];
    const list = names.slice(0, 10).map((entry) => entry.name);
    const hint =
      list.length > 0
        ? `${folder} has ${list.join(', ')}${names.length > 10 ? ', …' : ''}`
        : 'write it first with writeFile';
    throw new DnnError('ENOENT', `Cannot ${action} ${path}: no such file; ${hint}.`, { path });
  }
}

function parentOf(absolute: string): string {
  return absolute.slice(0, absolute.lastIndexOf('/')) || '/';
}

function baseOf(absolute: string): string {
  return absolute.slice(absolute.lastIndexOf('/') + 1);
}
