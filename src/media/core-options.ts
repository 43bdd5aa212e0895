/** What one run of ffmpeg finds in its file system; travels to the core by structured cloning. */
import type { FollowedLog } from './mp4/followed-log.ts';
import type { FrameRingBuffer } from './frame-ring.ts';
import type { OutputChannelBuffers } from './output/output-channel.ts';

/** Name of the file system type that the core module adds, and the folder where it is mounted. */
export const pipeFsType = 'DNNFS';
export const pipeFolder = '/pipes';

/** A file that every run may read; a Blob is not copied. */
export interface CoreInput {
  /** Absolute, normalised. */
  readonly path: string;
  readonly blob: Blob;
}

/** A frame pipe; `direction` is ffmpeg's. It appears as `/pipes/NAME`. */
export interface CorePipe {
  readonly name: string;
  readonly direction: 'read' | 'write';
  readonly ring: FrameRingBuffer;
}

/**
 * Where the files go that ffmpeg creates: through a channel to a writer, nowhere (sizes are kept, reads give
 * zeros), or out of the core by its events.
 */
export type CoreOutputs =
  | { readonly mode: 'channel'; readonly channel: OutputChannelBuffers }
  | { readonly mode: 'discard' }
  | { readonly mode: 'events' };

export interface CoreMountOptions {
  /** Folder that relative paths start from; made if it is missing. */
  readonly cwd: string;
  readonly inputs: readonly CoreInput[];
  /** Folders to make, for outputs in folders that hold no input. */
  readonly directories?: readonly string[];
  readonly pipes: readonly CorePipe[];
  readonly outputs: CoreOutputs;
  /**
   * `output`: what ffmpeg writes to its standard output is a file `pipe:1`, bytes
   * kept; `log`: lines of the log.
   */
  readonly stdout?: 'log' | 'output';
  /** Left out where nobody follows the packets that ffmpeg muxes: its log is what it is then. */
  readonly followed?: FollowedLog;
  /** Memory of a CoreControl; without it the run cannot be asked to stop. */
  readonly control?: SharedArrayBuffer;
}

/** A file of this path is what ffmpeg reads on its standard input (`-i -`, `pipe:0`). */
export const stdinPath = '/dev/stdin';
/** Path under which standard output is reported and sent to the writer. */
export const stdoutPath = 'pipe:1';

/** A file that ffmpeg created and did not delete. */
export interface CoreOutputFile {
  /** Absolute, or `pipe:1`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** What `/pipes/.outputs` says as JSON, during and after a run. */
export interface CoreReport {
  readonly files: readonly CoreOutputFile[];
  /** Inputs that could not be read, with the browser's reason. */
  readonly faults: readonly string[];
}
export const reportPath = '/pipes/.outputs';
