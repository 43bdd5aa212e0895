/**
 * How much of a command is carried out: all of it, or a trial of its first frames. Nobody
 * else asks which of the two it is.
 */
import { resolvePath } from '../../media/resolve-path.ts';
import type { OutputTarget } from '../../media/output/output-target.ts';
import type { ExecRequest, TrialLength } from '../../workers/pipeline-api.ts';
import { discardedOutputs, type Mending, type OutputCollector } from './output-collector.ts';

/** Where a file goes that an option of this project names. */
export interface OwnFile {
  /** Absolute. */
  readonly path: string;
  /** Undefined for the file store. */
  readonly target: OutputTarget | undefined;
}

/** What differs between the kinds of runs. */
export interface RunKind {
  /**
   * Takes what the command writes; whoever asks for it ends it, by `finish` or `abort`.
   * @param mending of files that ffmpeg does not finish.
   */
  collectOutputs(mending?: Mending): OutputCollector;
  /**
   * Where the file of an own option goes; undefined where it is not written.
   * @param name as the user wrote it.
   */
  ownFile(name: string): OwnFile | undefined;
  /** Where the job stops by itself; undefined where it goes on to its end. */
  readonly stopAfter: TrialLength | undefined;
  /** Why a command without a DNN filter is refused; undefined where it is not. */
  readonly plainRefusal: string | undefined;
}

/**
 * The kind of run that a request asks for.
 *
 * @param collectOutputs of a whole run: takes outputs to where the request wants them.
 */
export function runKindOf(
  request: ExecRequest,
  collectOutputs: (mending?: Mending) => OutputCollector,
): RunKind {
  const { trial } = request;
  return trial === undefined ? wholeRun(request, collectOutputs) : trialRun(trial);
}

function wholeRun(
  { outputs, cwd, defaultOutput }: ExecRequest,
  collectOutputs: (mending?: Mending) => OutputCollector,
): RunKind {
  return {
    collectOutputs,
    ownFile: (name) => {
      const path = resolvePath(name, cwd);
      const output = outputs.find((candidate) => resolvePath(candidate.path, cwd) === path);
      return { path, target: output?.target ?? defaultOutput };
    },
    stopAfter: undefined,
    plainRefusal: undefined,
  };
}

function trialRun(length: TrialLength): RunKind {
  return {
    collectOutputs: discardedOutputs,
    ownFile: () => undefined,
    stopAfter: length,
    plainRefusal: 'A trial is for a command with a DNN filter, and this one has none.',
  };
}
