/**
 * Files that ffmpeg creates: regular files in the core's tree whose bytes live with a writer outside of it.
 */
import type { CoreControl } from './core-control.ts';
import { type Core, Errno, type FsNode, type FsStream, heapBytes, type StreamOps } from './core-fs.ts';
import { type CoreOutputFile, stdoutPath } from './core-options.ts';
import type { CoreSink } from './output/core-sink.ts';
import { CoreStep } from './core-step.ts';
import { replyCapacity } from './output/output-channel.ts';

/** Bytes of a file as the writer has them; kept equal by repeating writes into it. */
interface ReadWindow {
  start: number;
  bytes: Uint8Array;
}

interface OutputFile {
  readonly id: number;
  size: number;
  window: ReadWindow | undefined;
}

/** The output files of one run. */
export class CoreOutputFiles {
  readonly #core: Core;
  readonly #sink: CoreSink;
  readonly #control: CoreControl | undefined;
  readonly #step: (step: CoreStep) => void;
  readonly #files = new Map<FsNode, OutputFile>();
  #nextId = 1;
  #stdoutSize = 0;
  #stdoutId = 0;

  /** @param step is told what the core does. */
  constructor(core: Core, sink: CoreSink, control: CoreControl | undefined, step: (step: CoreStep) => void) {
    this.#step = step;
    this.#core = core;
    this.#sink = sink;
    this.#control = control;
  }

  /** Makes an empty output of a regular file's node. */
  adopt(node: FsNode): void {
    const file: OutputFile = { id: this.#nextId++, size: 0, window: undefined };
    this.#files.set(node, file);
    const { MEMFS } = this.#core.FS.filesystems;
    const sink = this.#sink;
    node.node_ops = {
      getattr: (target) => ({ ...MEMFS.node_ops.getattr(target), size: file.size }),
      setattr: (target, change) => {
        const { size, ...rest } = change;
        MEMFS.node_ops.setattr(target, rest);
        if (size === undefined || size === file.size) return;
        file.window = undefined;
        sink.truncate(file.id, size);
        file.size = size;
      },
    };
    node.stream_ops = this.#streamOps(sink, file);
    sink.create(file.id, this.#core.FS.getPath(node));
  }

  /** Standard output: written only, one after the other. */
  writeStdout(bytes: Uint8Array): void {
    if (this.#stdoutId === 0) {
      this.#stdoutId = this.#nextId++;
      this.#sink.create(this.#stdoutId, stdoutPath);
    }
    this.#sink.write(this.#stdoutId, this.#stdoutSize, bytes);
    this.#stdoutSize += bytes.length;
    this.#count(bytes.length);
  }

  renamed(node: FsNode): void {
    const file = this.#files.get(node);
    if (file !== undefined) this.#sink.rename(file.id, this.#core.FS.getPath(node));
  }

  removed(node: FsNode): void {
    const file = this.#files.get(node);
    if (file === undefined) return;
    this.#files.delete(node);
    this.#sink.unlink(file.id);
  }

  list(): CoreOutputFile[] {
    const files = [...this.#files].map(([node, file]) => ({
      path: this.#core.FS.getPath(node),
      size: file.size,
    }));
    if (this.#stdoutId !== 0) files.push({ path: stdoutPath, size: this.#stdoutSize });
    return files;
  }

  #count(bytes: number): void {
    this.#control?.add('bytesWritten', bytes);
    this.#control?.setHeapBytes(this.#core.HEAPU8.length);
    this.#step(CoreStep.writeOutput);
  }

  #streamOps(sink: CoreSink, file: OutputFile): StreamOps {
    const { FS } = this.#core;
    return {
      llseek: (stream: FsStream, offset, whence) => {
        const position = offset + (whence === 1 ? stream.position : whence === 2 ? file.size : 0);
        if (position < 0) throw new FS.ErrnoError(Errno.EINVAL);
        return position;
      },
      read: (_stream, buffer, offset, length, position) => {
        const wanted = Math.max(0, Math.min(length, file.size - position));
        for (let done = 0; done < wanted;) {
          const part = readWindow(sink, file, position + done).subarray(0, wanted - done);
          // The writer has less than the core wrote: it lost the file.
          if (part.length === 0) throw new FS.ErrnoError(Errno.EIO);
          heapBytes(buffer, offset + done, part.length).set(part);
          done += part.length;
        }
        this.#step(CoreStep.readOutput);
        return wanted;
      },
      write: (_stream, buffer, offset, length, position) => {
        const bytes = heapBytes(buffer, offset, length);
        sink.write(file.id, position, bytes);
        if (file.window !== undefined) patchWindow(file.window, position, bytes);
        file.size = Math.max(file.size, position + length);
        this.#count(length);
        return length;
      },
      close: () => {
        file.window = undefined;
        sink.close(file.id);
      },
    };
  }
}

/** The bytes from `position` on, as many as one fetch gives. */
function readWindow(sink: CoreSink, file: OutputFile, position: number): Uint8Array {
  const known = file.window;
  if (known !== undefined && position >= known.start && position < known.start + known.bytes.length) {
    return known.bytes.subarray(position - known.start);
  }
  const bytes = new Uint8Array(Math.min(replyCapacity, file.size - position));
  const count = sink.read(file.id, position, bytes);
  file.window = { start: position, bytes: bytes.subarray(0, count) };
  return file.window.bytes;
}

/** Repeats a write in the window: `+faststart` reads just ahead of where it writes. */
function patchWindow(window: ReadWindow, position: number, bytes: Uint8Array): void {
  const from = Math.max(position, window.start);
  const to = Math.min(position + bytes.length, window.start + window.bytes.length);
  if (from < to) window.bytes.set(bytes.subarray(from - position, to - position), from - window.start);
}
