/** Frame pipes as nodes in `/pipes`: read and written by ffmpeg like a FIFO, blocking on the ring. */
import type { CoreControl } from './core-control.ts';
import { type Core, Errno, type FsNode, heapBytes, Mode, type StreamOps } from './core-fs.ts';
import type { CorePipe } from './core-options.ts';
import { CoreStep } from './core-step.ts';
import { FrameRing } from './frame-ring.ts';
import { type BlockContext, readBlocking, writeBlocking } from './ring-block.ts';

/** Adds the pipe to the folder `parent`. */
export function addPipe(core: Core, control: CoreControl | undefined, parent: FsNode, pipe: CorePipe): void {
  const { MEMFS } = core.FS.filesystems;
  // A character device for `open`, which would otherwise truncate it, and a FIFO for `stat`,
  // by which ffmpeg tells a stream.
  const node = MEMFS.createNode(parent, pipe.name, Mode.characterDevice | 0o666, 0);
  node.node_ops = {
    getattr: (target) => ({ ...MEMFS.node_ops.getattr(target), mode: Mode.fifo | 0o666 }),
    setattr: () => undefined,
  };
  node.stream_ops = pipeStreamOps(core, control, pipe);
}

function pipeStreamOps(core: Core, control: CoreControl | undefined, pipe: CorePipe): StreamOps {
  const { FS } = core;
  const ring = new FrameRing(pipe.ring);
  const context: BlockContext = {
    shouldStop: () => control?.quitRequested ?? false,
    onBlocked: (milliseconds) => {
      control?.blocked(milliseconds);
      control?.setHeapBytes(core.HEAPU8.length);
    },
  };
  const open: StreamOps['open'] = (stream) => {
    stream.seekable = false;
  };
  if (pipe.direction === 'read') {
    return {
      open,
      read: (_stream, buffer, offset, length) => {
        const result = readBlocking(ring, heapBytes(buffer, offset, length), context);
        if (result === 'broken') throw new FS.ErrnoError(Errno.EIO);
        if (typeof result === 'string') return 0;
        control?.add('bytesRead', result);
        control?.step(CoreStep.readPipe);
        return result;
      },
    };
  }
  return {
    open,
    write: (_stream, buffer, offset, length) => {
      const failure = writeBlocking(ring, heapBytes(buffer, offset, length), context);
      if (failure !== undefined) throw new FS.ErrnoError(Errno.EPIPE);
      control?.add('bytesWritten', length);
      control?.step(CoreStep.writePipe);
      return length;
    },
  };
}
