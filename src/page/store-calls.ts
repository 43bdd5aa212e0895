/** The calls of `@ffmpeg/ffmpeg`'s FFmpeg that are about files: they go to the worker's file store. */
import { raceAbort } from '../base/abort.ts';
import { DnnError } from '../base/errors.ts';
import { keepSpool } from '../media/output/spool-lock.ts';
import type { ListEntry, PipelineApi } from '../workers/pipeline-api.ts';
import type { RemoteApi } from '../workers/worker-client.ts';
import type { MessageOptions } from './exec-options.ts';

/** The file calls, for a class that has a worker. */
export abstract class StoreCalls {
  /**
   * Puts a file into the store, in place of one of that name. A Blob or File is kept as it is and not copied;
   * a Uint8Array is copied, and stays the caller's.
   *
   * @param path absolute, or relative to `/`.
   * @throws DnnError `ENOENT` where its folder is missing, `EINVAL` for a folder.
   */
  writeFile(
    path: string,
    data: Uint8Array | string | Blob,
    { signal }: MessageOptions = {},
  ): Promise<boolean> {
    return rejectOnAbort(
      this.call((api) => api.writeFile(path, data)),
      signal,
    );
  }

  /**
   * The content of a file: an input, or an output of an earlier `exec`.
   *
   * @param encoding `binary` for a Uint8Array, which is the caller's; `utf8` for a string.
   * @throws DnnError `ENOENT` for a missing file, `EIO` for one that has changed on disk since it was added.
   */
  readFile(path: string, encoding = 'binary', { signal }: MessageOptions = {}): Promise<Uint8Array | string> {
    return rejectOnAbort(
      this.call(async (api): Promise<Uint8Array | string> => api.readFile(path, encoding)),
      signal,
    );
  }

  /**
   * The file as a Blob, without reading it into memory. The Blob of an output can be read as long as the page
   * is open, also after another command wrote a file of that name and after `terminate()`. `deleteFile` of
   * its path frees the disk of this one and of those that had the path before.
   *
   * @throws DnnError `ENOENT` for a missing file.
   */
  async readBlob(path: string, { signal }: MessageOptions = {}): Promise<Blob> {
    const { blob, spoolName } = await rejectOnAbort(
      this.call((api) => api.readBlob(path)),
      signal,
    );
    if (spoolName !== undefined) keepSpool(spoolName);
    return blob;
  }

  /** Lets a file go. @throws DnnError `ENOENT` for a missing file, `EINVAL` for a folder. */
  deleteFile(path: string, { signal }: MessageOptions = {}): Promise<boolean> {
    return rejectOnAbort(
      this.call((api) => api.deleteFile(path)),
      signal,
    );
  }

  /**
   * Moves a file or a folder; a file that has the new name is replaced.
   *
   * @throws DnnError `ENOENT` where something is missing, `EINVAL` where a folder is in the way.
   */
  rename(oldPath: string, newPath: string, { signal }: MessageOptions = {}): Promise<boolean> {
    return rejectOnAbort(
      this.call((api) => api.rename(oldPath, newPath)),
      signal,
    );
  }

  /** Makes a folder. @throws DnnError `EINVAL` where it exists, `ENOENT` where the one above does not. */
  createDir(path: string, { signal }: MessageOptions = {}): Promise<boolean> {
    return rejectOnAbort(
      this.call((api) => api.createDir(path)),
      signal,
    );
  }

  /**
   * What is in a folder, by name, with `.` and `..` first.
   * @throws DnnError `ENOENT` for a missing folder.
   */
  listDir(path: string, { signal }: MessageOptions = {}): Promise<readonly ListEntry[]> {
    return rejectOnAbort(
      this.call((api) => api.listDir(path)),
      signal,
    );
  }

  /** Deletes an empty folder. @throws DnnError `ENOENT` for a missing one, `EINVAL` for one with files. */
  deleteDir(path: string, { signal }: MessageOptions = {}): Promise<boolean> {
    return rejectOnAbort(
      this.call((api) => api.deleteDir(path)),
      signal,
    );
  }

  /**
   * As `@ffmpeg/ffmpeg`'s `mount`: WORKERFS only, since the file store holds Blobs anyway. Files that the
   * folder has by the same names are hidden until `unmount`.
   *
   * @param mountPoint folder in which the files appear by their names; made where it is missing.
   * @throws DnnError `ENOSYS` for another type; `EINVAL` where files are mounted at that folder, or one has
   * the name of a folder.
   */
  async mount(
    fsType: string,
    options: { readonly files?: readonly File[]; readonly blobs?: readonly { name: string; data: Blob }[] },
    mountPoint: string,
  ): Promise<boolean> {
    if (fsType !== 'WORKERFS') {
      throw new DnnError(
        'ENOSYS',
        `mount: ${fsType} is not supported; use WORKERFS, or writeFile() with a File or Blob.`,
      );
    }
    const files = [
      ...(options.files ?? []).map((file) => ({ name: file.name, data: file })),
      ...(options.blobs ?? []),
    ];
    return this.call((api) => api.mountFiles(files, mountPoint));
  }

  /**
   * Takes away what was mounted at a folder, and nothing else; the folder stays.
   *
   * @throws DnnError `EINVAL` where nothing is mounted there.
   */
  unmount(mountPoint: string): Promise<boolean> {
    return this.call((api) => api.unmount(mountPoint));
  }

  /** @internal Calls the worker. @throws DnnError `EINVAL` where it is not loaded. */
  protected abstract call<T>(run: (api: RemoteApi<PipelineApi>) => Promise<T>): Promise<T>;
}

/** Rejects with the signal's reason as soon as it fires; the work itself goes on, as in `@ffmpeg/ffmpeg`. */
export function rejectOnAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return signal === undefined ? promise : raceAbort(promise, signal);
}
