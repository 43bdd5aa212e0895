/** A folder of the origin private file system in memory, for tests in Node. */

interface Content {
  bytes: Uint8Array<ArrayBuffer>;
  isHeld: boolean;
}

export interface MemoryFolder {
  readonly handle: FileSystemDirectoryHandle;
  /** Names of its files. */
  readonly names: () => string[];
  /** As where the worker ends that holds files open. */
  readonly letGo: () => void;
}

/** @param fullAt bytes that one file can have. */
export function memoryFolder({ fullAt = Infinity } = {}): MemoryFolder {
  const files = new Map<string, Content>();
  const folder = {
    getFileHandle: (name: string, { create = false } = {}) => {
      if (!files.has(name) && !create) return Promise.reject(new DOMException(name, 'NotFoundError'));
      const content = files.get(name) ?? { bytes: new Uint8Array(), isHeld: false };
      files.set(name, content);
      return Promise.resolve({
        getFile: () => Promise.resolve(new Blob([content.bytes])),
        createSyncAccessHandle: () => {
          if (content.isHeld) return Promise.reject(new DOMException(name, 'NoModificationAllowedError'));
          return Promise.resolve(accessHandle(content, fullAt));
        },
      });
    },
    removeEntry: (name: string) =>
      files.delete(name) ? Promise.resolve() : Promise.reject(new DOMException(name, 'NotFoundError')),
  };
  return {
    handle: folder as unknown as FileSystemDirectoryHandle,
    names: () => [...files.keys()],
    letGo: () => {
      for (const content of files.values()) content.isHeld = false;
    },
  };
}

function accessHandle(content: Content, fullAt: number) {
  content.isHeld = true;
  const resize = (size: number): void => {
    const bytes = new Uint8Array(size);
    bytes.set(content.bytes.subarray(0, size));
    content.bytes = bytes;
  };
  return {
    read: (into: Uint8Array, { at }: { at: number }) => {
      const part = content.bytes.subarray(at, at + into.length);
      into.set(part);
      return part.length;
    },
    write: (bytes: Uint8Array, { at }: { at: number }) => {
      if (at + bytes.length > fullAt) throw new DOMException('full', 'QuotaExceededError');
      if (at + bytes.length > content.bytes.length) resize(at + bytes.length);
      content.bytes.set(bytes, at);
      return bytes.length;
    },
    truncate: resize,
    close: () => {
      content.isHeld = false;
    },
  };
}
