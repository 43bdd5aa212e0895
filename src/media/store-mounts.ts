/**
 * Files of the user that appear in a folder of the store, as with `@ffmpeg/ffmpeg`'s `mount`: they hide files
 * of the same names, and unmounting takes away what was mounted, and nothing else.
 */
import { DnnError } from '../base/errors.ts';
import type { FileStore, StoredFile } from './file-store.ts';
import { resolvePath } from './resolve-path.ts';

/** A file to mount; it is not copied. */
export interface FileToMount {
  /** Below the mount point; folders in it are made. */
  readonly name: string;
  readonly data: Blob;
}

interface MountedFile {
  readonly path: string;
  readonly data: Blob;
  /** Had the path before. */
  readonly hidden: StoredFile | undefined;
}

interface Mount {
  readonly files: readonly MountedFile[];
  /** Made for these files, the deepest last. */
  readonly folders: readonly string[];
}

export class StoreMounts {
  readonly #store: FileStore;
  readonly #mounts = new Map<string, Mount>();

  constructor(store: FileStore) {
    this.#store = store;
  }

  /**
   * @param mountPoint folder in which the files appear; made where it is missing.
   * @throws DnnError `EINVAL` where something is mounted there, or a file would take the place of a folder.
   */
  mount(files: readonly FileToMount[], mountPoint: string): void {
    const point = resolvePath(mountPoint);
    if (this.#mounts.has(point)) {
      throw new DnnError('EINVAL', `Cannot mount at ${point}: files are mounted there; unmount them first.`, {
        path: point,
      });
    }
    for (const { name } of files) {
      const path = resolvePath(name, point);
      if (this.#store.isFolder(path))
        throw new DnnError('EINVAL', `Cannot mount ${name} as ${path}: it is a folder.`, { path });
    }
    this.#store.makeFolders(point);
    const before = new Set(this.#store.folders());
    const mounted = files.map(({ name, data }): MountedFile => {
      const path = resolvePath(name, point);
      const hidden = this.#store.takeOut(path);
      this.#store.putOutput(path, data);
      return { path, data, hidden };
    });
    const folders = this.#store.folders().filter((folder) => !before.has(folder));
    this.#mounts.set(point, { files: mounted, folders });
  }

  /**
   * Takes the mounted files away and brings back those that they hid; the folder stays. What was written,
   * also over a mounted file, is kept, and so is a mounted file that was moved.
   *
   * @throws DnnError `EINVAL` where nothing is mounted at that folder.
   */
  unmount(mountPoint: string): void {
    const point = resolvePath(mountPoint);
    const mount = this.#mounts.get(point);
    if (mount === undefined) {
      const points = [...this.#mounts.keys()].join(', ');
      throw new DnnError(
        'EINVAL',
        `Cannot unmount ${point}: nothing is mounted there${points === '' ? '' : `, but at ${points}`}.`,
        { path: point },
      );
    }
    this.#mounts.delete(point);
    // In reverse, as a name that was given twice hides the file that came first.
    for (const { path, data, hidden } of [...mount.files].reverse()) {
      if (this.#has(path, data)) this.#store.deleteFile(path);
      if (hidden !== undefined) this.#store.putBack(path, hidden);
    }
    for (const folder of [...mount.folders].reverse()) {
      const isEmpty = this.#store.isFolder(folder) && this.#store.listDir(folder).length === 2;
      if (isEmpty) this.#store.deleteDir(folder);
    }
  }

  #has(path: string, data: Blob): boolean {
    return this.#store.exists(path) && !this.#store.isFolder(path) && this.#store.blob(path) === data;
  }
}
