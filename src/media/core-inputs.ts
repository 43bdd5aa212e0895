/** User files inside the core: stock WORKERFS nodes at their own paths, with read-ahead, never written to. */
import { type Core, Errno, type FsNode, type FsStream, heapBytes, type StreamOps } from './core-fs.ts';
import { CoreStep } from './core-step.ts';

const fileMode = 0o100777;
const firstWindow = 64 * 1024;
const lastWindow = 2 * 1024 * 1024;

/** A piece of a Blob that was read in one go. */
interface Window {
  start: number;
  bytes: Uint8Array;
  /** Bytes to fetch next time; grows while reads are sequential. */
  next: number;
}

/** What the inputs of one run need from it. */
export interface InputContext {
  readonly core: Core;
  /** Told what the core does. */
  readonly step: (step: CoreStep) => void;
  /** Told why the browser could not read a file. */
  readonly onFault: (message: string) => void;
  /**
   * Turns the node into an empty output at the same path; writing starts a new
   * file and leaves the Blob alone.
   */
  readonly replaceByOutput: (node: FsNode) => void;
}

/** Puts `blob` at `name` in the folder `parent`. */
export function addInput(context: InputContext, parent: FsNode, name: string, blob: Blob): void {
  const { WORKERFS } = context.core.FS.filesystems;
  WORKERFS.reader ??= new FileReaderSync();
  const mtime = blob instanceof File ? new Date(blob.lastModified) : new Date();
  const node = WORKERFS.createNode(parent, name, fileMode, 0, blob, mtime);
  const workerOps = node.node_ops;
  node.node_ops = {
    ...workerOps,
    setattr: (target, change) => {
      if (change.size === undefined) workerOps.setattr?.(target, change);
      else resizeInput(context, target, change.size);
    },
  };
  node.stream_ops = inputStreamOps(context, node, blob.size);
}

/** A file opened for writing becomes an output: empty, or with the first `size` bytes of what it was. */
function resizeInput(context: InputContext, node: FsNode, size: number): void {
  const kept = size > 0 ? readAll(context, node, Math.min(size, node.size)) : undefined;
  context.replaceByOutput(node);
  if (kept !== undefined) writeThrough(node, kept);
  if (size > 0) node.node_ops.setattr?.(node, { size });
}

function writeThrough(node: FsNode, bytes: Uint8Array): void {
  const heap = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const stream = { node, flags: 1, position: 0, seekable: true, stream_ops: node.stream_ops };
  node.stream_ops.write?.(stream, heap, 0, bytes.length, 0);
}

function fetch(context: InputContext, node: FsNode, position: number, length: number): Uint8Array {
  const { FS } = context.core;
  const bytes = new Uint8Array(Math.max(0, Math.min(length, node.size - position)));
  if (bytes.length === 0) return bytes;
  context.step(CoreStep.askInput);
  try {
    FS.filesystems.WORKERFS.stream_ops.read({ node }, bytes, 0, bytes.length, position);
  } catch (thrown) {
    context.onFault(`${FS.getPath(node)}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    throw new FS.ErrnoError(Errno.EIO);
  }
  return bytes;
}

/** Reads ahead from `at`: the more, the longer the reads have been sequential. */
function moveWindow(context: InputContext, source: FsNode, window: Window, at: number, wanted: number): void {
  const sequential = at === window.start + window.bytes.length;
  window.next = sequential ? Math.min(window.next * 2, lastWindow) : firstWindow;
  window.bytes = fetch(context, source, at, Math.max(wanted, window.next));
  window.start = at;
}

function readAll(context: InputContext, node: FsNode, length: number): Uint8Array {
  return fetch(context, node, 0, length);
}

/**
 * The operations of one input. They hold the Blob in a node of their own: a stream that is open for reading
 * keeps reading the old bytes even if ffmpeg opens the same path for writing.
 */
function inputStreamOps(context: InputContext, node: FsNode, size: number): StreamOps {
  const { FS } = context.core;
  const source = Object.assign(Object.create(node) as FsNode, { contents: node.contents, size });
  const windows = new WeakMap<FsStream, Window>();
  return {
    llseek: (stream, offset, whence) =>
      FS.filesystems.WORKERFS.stream_ops.llseek(
        { ...stream, node: source, position: stream.position },
        offset,
        whence,
      ),
    read: (stream, buffer, offset, length, position) => {
      let window = windows.get(stream);
      if (window === undefined)
        windows.set(stream, (window = { start: 0, bytes: new Uint8Array(0), next: firstWindow }));
      const wanted = Math.max(0, Math.min(length, size - position));
      for (let done = 0; done < wanted;) {
        const at = position + done;
        if (at < window.start || at >= window.start + window.bytes.length) {
          moveWindow(context, source, window, at, wanted - done);
        }
        const part = window.bytes.subarray(at - window.start, at - window.start + wanted - done);
        heapBytes(buffer, offset + done, part.length).set(part);
        done += part.length;
      }
      context.step(CoreStep.readInput);
      return wanted;
    },
    write: (stream, buffer, offset, length, position) => {
      // Opened for writing without truncation (r+, append): the file goes on as
      // an output that begins as a copy.
      resizeInput(context, stream.node, source.size);
      stream.stream_ops = stream.node.stream_ops;
      return stream.stream_ops.write!(stream, buffer, offset, length, position);
    },
    mmap: (_stream, length, position, prot, flags) =>
      FS.filesystems.MEMFS.stream_ops.mmap(
        { node: { mode: fileMode, contents: fetch(context, source, 0, source.size) } },
        length,
        position,
        prot,
        flags,
      ),
  };
}
