/**
 * The parts of Emscripten's file system (3.1.40, as `@ffmpeg/core` 0.12 carries
 * it) that the core module extends.
 */

/** WASI error numbers, which Emscripten's libc uses. */
export const Errno = { EBADF: 8, EINVAL: 28, EIO: 29, ENOENT: 44, ENOSPC: 51, EPIPE: 64 } as const;
export type Errno = (typeof Errno)[keyof typeof Errno];

/** Bits of `mode`. */
export const Mode = {
  typeMask: 0o170000,
  regular: 0o100000,
  directory: 0o040000,
  characterDevice: 0o020000,
  fifo: 0o010000,
} as const;

export interface NodeAttributes {
  mode: number;
  size: number;
}

/** What `setattr` is asked to change. */
export interface AttributeChange {
  readonly mode?: number;
  readonly timestamp?: number;
  readonly size?: number;
}

export interface NodeOps {
  getattr?: (node: FsNode) => NodeAttributes;
  setattr?: (node: FsNode, change: AttributeChange) => void;
  mknod?: (parent: FsNode, name: string, mode: number, dev: number) => FsNode;
  rename?: (node: FsNode, newParent: FsNode, newName: string) => void;
  unlink?: (parent: FsNode, name: string) => void;
}

/** `buffer` is the core's heap: bytes `offset` to `offset + length` of it are meant. */
export interface StreamOps {
  open?: (stream: FsStream) => void;
  close?: (stream: FsStream) => void;
  read?: (stream: FsStream, buffer: Int8Array, offset: number, length: number, position: number) => number;
  write?: (stream: FsStream, buffer: Int8Array, offset: number, length: number, position: number) => number;
  llseek?: (stream: FsStream, offset: number, whence: number) => number;
  mmap?: (stream: { node: object }, length: number, position: number, prot: number, flags: number) => object;
  /** Ready for reading: 1, for writing: 4. */
  poll?: (stream: FsStream) => number;
}

export interface FsNode {
  readonly id: number;
  name: string;
  parent: FsNode;
  mode: number;
  timestamp: number;
  mount: object | undefined;
  mounted: object | null;
  node_ops: NodeOps;
  stream_ops: StreamOps;
  /** Children of a MEMFS directory by name, bytes of a MEMFS file, Blob of a WORKERFS file. */
  contents: unknown;
  /** Size of a MEMFS file. */
  usedBytes: number;
  /** Size of a WORKERFS file. */
  size: number;
}

export interface FsStream {
  readonly node: FsNode;
  flags: number;
  position: number;
  seekable: boolean;
  stream_ops: StreamOps;
}

export interface FsMount {
  readonly opts: unknown;
  readonly mountpoint: string;
}

interface Memfs {
  readonly ops_table: { readonly dir: { readonly node: NodeOps } };
  readonly node_ops: Required<Pick<NodeOps, 'getattr' | 'setattr'>>;
  readonly stream_ops: Required<Pick<StreamOps, 'llseek' | 'read' | 'write' | 'mmap'>>;
  createNode: (parent: FsNode | null, name: string, mode: number, dev: number) => FsNode;
}

/** The browser's FileReaderSync, which only workers have. */
export interface BlobReader {
  readonly readAsArrayBuffer: (blob: Blob) => ArrayBuffer;
}

interface Workerfs {
  reader: BlobReader | null;
  readonly stream_ops: Required<Pick<StreamOps, 'llseek'>> & {
    readonly read: (
      stream: { node: FsNode },
      buffer: Uint8Array,
      offset: number,
      length: number,
      position: number,
    ) => number;
  };
  createNode: (
    parent: FsNode,
    name: string,
    mode: number,
    dev: number,
    contents: Blob,
    mtime?: Date,
  ) => FsNode;
}

export interface CoreFs {
  readonly streams: (FsStream | null)[];
  readonly filesystems: Record<string, unknown> & { readonly MEMFS: Memfs; readonly WORKERFS: Workerfs };
  readonly ErrnoError: new (errno: number) => Error & { errno: number };
  lookupPath: (path: string, options?: { follow?: boolean; parent?: boolean }) => { node: FsNode };
  lookupNode: (parent: FsNode, name: string) => FsNode;
  destroyNode: (node: FsNode) => void;
  getPath: (node: FsNode) => string;
  mkdir: (path: string) => FsNode;
  mkdirTree: (path: string) => void;
  rmdir: (path: string) => void;
  unlink: (path: string) => void;
  chdir: (path: string) => void;
  isDir: (mode: number) => boolean;
  isFile: (mode: number) => boolean;
  close: (stream: FsStream) => void;
}

/** A line of ffmpeg's output. */
export interface CoreLine {
  readonly type: string;
  readonly message: string;
}

/** The object that `createFFmpegCore` resolves to. */
export interface Core {
  readonly FS: CoreFs;
  /** Replaced when the heap grows. */
  readonly HEAPU8: Uint8Array;
  /** Exit code of the last run; -1 where none was set. */
  ret: number;
  /** Takes ffmpeg's lines out of the worker; what it is given is cloned. Set once the core is loaded. */
  logger: (log: CoreLine) => void;
  /** What WebAssembly exports, by Emscripten's short names. */
  readonly asm?: Partial<Record<string, (argument: number) => unknown>>;
  /** Address of so many bytes; 0 where there is no room. */
  readonly _malloc: (bytes: number) => number;
  /** Milliseconds that a run may take; -1 for any time. */
  timeout: number;
  /** ffprobe's main; replaced by the core itself at its first call. */
  _ffprobe: (...args: number[]) => number;
}

/** The bytes of the heap that a stream operation is about, as the element type that copies fastest. */
export function heapBytes(buffer: Int8Array, offset: number, length: number): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
}
