/** How the stages at either end of a job say that they failed. */
import { DnnError, errorCode, errorMessage } from '../../base/errors.ts';

/** What writes the frames ended badly; the frames that it gave before have been given on. */
export class SourceFailure extends DnnError {
  constructor(cause: unknown) {
    super(errorCode(cause, 'EIO'), `The frames end early: ${errorMessage(cause)}`, {}, { cause });
  }
}

/** A stage failed by itself, and has said why in the log: the job ends with its exit code. */
export class StageFailure extends Error {
  readonly exitCode: number;

  /** @param stage its program, for the message. @param exitCode not 0. */
  constructor(stage: string, exitCode: number) {
    super(`${stage} ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}
