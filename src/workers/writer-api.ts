/** What the writer worker offers; imported by both sides, imports no code. */
import type { OutputChannelBuffers } from '../media/output/output-channel.ts';
import type { ProxyMarked } from 'comlink';
import type { OutputTarget, TemplateSource } from '../media/output/output-target.ts';
import type { MendedFile, WrittenFile } from '../media/output/output-result.ts';
import type { PackedError } from './packed-error.ts';

/** Where files are while ffmpeg works on them. */
export interface WriterSpool {
  /** Name of the folder, for `openSpool`. */
  readonly folder: string;
  /** By which the folder tells one run's files from another's. */
  readonly run: string;
}

/** Where the files of one run go. */
export interface WriterOutputs {
  /** By absolute path, or `pipe:1`. */
  readonly targets: ReadonlyMap<string, OutputTarget>;
  /** For every other path; the spool folder if left out. */
  readonly fallback?: OutputTarget | undefined;
  /** In the origin private file system; memory if left out. */
  readonly spool?: WriterSpool | undefined;
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

  /** Answered at once, by a writer that is not stuck; gives nothing. */
  answer(): Promise<void>;

  /**
   * Finishes the files of a run whose writer is gone; those of which nothing was written are left out.
   *
   * @param outputs as `run` had them, without streams.
   * @throws DOMException NotFoundError where the writer had not begun.
   */
  recover(
    outputs: WriterOutputs & { readonly spool: WriterSpool },
    templateOf: (TemplateSource & ProxyMarked) | undefined,
  ): Promise<WriterResult>;
}
