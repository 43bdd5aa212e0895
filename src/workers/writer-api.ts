/** What the writer worker offers; imported by both sides, imports no code. */
import type { OutputChannelBuffers } from '../media/output/output-channel.ts';
import type { ProxyMarked } from 'comlink';
import type { OutputTarget, TemplateSource } from '../media/output/output-target.ts';
import type { MendedFile, WrittenFile } from '../media/output/output-result.ts';
import type { PackedError } from './packed-error.ts';

/** Where the files of one run go. */
export interface WriterOutputs {
  /** By absolute path, or `pipe:1`. */
  readonly targets: ReadonlyMap<string, OutputTarget>;
  /** For every other path; the spool folder if left out. */
  readonly fallback?: OutputTarget | undefined;
  /** Name of the folder of the origin private file system; memory if left out. */
  readonly spoolName?: string | undefined;
}

/** What became of the outputs: as OutputResult, but that errors within a result are packed to cross. */
export interface WriterResult {
  readonly files: readonly WrittenFile[];
  /** Those that ffmpeg did not finish. */
  readonly mended?: readonly MendedFile[];
  /** An OutputFailure. */
  readonly failure?: PackedError;
}

export interface WriterApi {
  /**
   * Writes what a core's run sends until the channel ends; settles once every file is complete.
   * @param templateOf for files that ffmpeg does not finish; without it they stay as they are.
   */
  run(
    channel: OutputChannelBuffers,
    outputs: WriterOutputs,
    templateOf: (TemplateSource & ProxyMarked) | undefined,
  ): Promise<WriterResult>;
}
