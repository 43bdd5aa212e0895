/**
 * An output in the origin private file system: positions are written and read back
 * synchronously, memory stays flat.
 */
import { DnnError } from '../../base/errors.ts';
import type { OutputFile } from './output-target.ts';

export class OpfsFile implements OutputFile {
  /** Name in the spool folder. */
  readonly name: string;
  readonly #folder: FileSystemDirectoryHandle;
  #file: FileSystemFileHandle | undefined;
  #handle: FileSystemSyncAccessHandle | undefined;

  constructor(folder: FileSystemDirectoryHandle, name: string) {
    this.#folder = folder;
    this.name = name;
  }

  write(offset: number, bytes: Uint8Array): void | Promise<void> {
    if (this.#handle !== undefined) {
      writeAll(this.#handle, offset, bytes);
      return;
    }
    return this.#open().then((handle) => {
      writeAll(handle, offset, bytes);
    });
  }

  async read(offset: number, into: Uint8Array): Promise<number> {
    const count = (await this.#open()).read(into, { at: offset });
    if (count > into.length) throw new DnnError('EIO', `The browser's disk cannot be read (${count}).`);
    return count;
  }

  async truncate(size: number): Promise<void> {
    (await this.#open()).truncate(size);
  }

  rename(): void {
    // The name in the spool folder says nothing of the path.
  }

  rest(): void {
    this.#handle?.close();
    this.#handle = undefined;
  }

  async finish(): Promise<Blob> {
    // An output that was never written to still is a file.
    await this.#open();
    this.rest();
    return this.#file!.getFile();
  }

  async discard(): Promise<void> {
    this.rest();
    if (this.#file !== undefined) await this.#folder.removeEntry(this.name);
    this.#file = undefined;
  }

  async #open(): Promise<FileSystemSyncAccessHandle> {
    if (this.#handle !== undefined) return this.#handle;
    this.#file ??= await this.#folder.getFileHandle(this.name, { create: true });
    this.#handle = await openHandle(this.#file);
    return this.#handle;
  }
}

/** A worker that was ended holds its files a little longer. */
async function openHandle(file: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> {
  for (let tries = 100; ; tries--) {
    try {
      return await file.createSyncAccessHandle();
    } catch (thrown) {
      const isHeld = thrown instanceof DOMException && thrown.name === 'NoModificationAllowedError';
      if (!isHeld || tries === 0) throw thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Over its quota Chromium throws, writes less, or, in a private window, gives the number of an error as that
 * of its bytes: 4,294,967,288.
 */
function writeAll(handle: FileSystemSyncAccessHandle, offset: number, bytes: Uint8Array): void {
  const count = handle.write(bytes, { at: offset });
  if (count > bytes.length) throw new DOMException('no byte fits', 'QuotaExceededError');
  if (count < bytes.length) {
    throw new DOMException(`only ${count} of ${bytes.length} bytes fit`, 'QuotaExceededError');
  }
}
