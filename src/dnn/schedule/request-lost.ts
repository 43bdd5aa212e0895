/**
 * The failure of a request whose worker is gone. FFmpeg has no such case: its workers are threads of the
 * process, and a thread that hangs takes the filter with it.
 */
import { DnnError } from '../../base/errors.ts';

/** What became of the worker. */
export type WorkerLoss = 'died' | 'hung';

/**
 * Nothing is known against the request itself: the worker that ran it died, or did not answer in time and was
 * ended. Its frames are lost with it, so that a second try needs copies.
 */
export class RequestLost extends DnnError {
  readonly loss: WorkerLoss;
  /** Whether another worker stands ready to try the request again. */
  readonly canRetry: boolean;

  constructor(loss: WorkerLoss, canRetry: boolean, message: string) {
    super('DNN_GENERIC_ERROR', message, { loss });
    this.loss = loss;
    this.canRetry = canRetry;
  }
}
