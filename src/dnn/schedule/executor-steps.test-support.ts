/** What a schedule is made of. */

export interface RigSetup {
  readonly nireq: number;
  readonly batchSize: number;
  readonly async: boolean;
  readonly partialBatchAfterMs?: number;
}

/**
 * One step of a schedule; `pick` chooses a running request, `items` is the number of inferences of a task.
 */
export interface Step {
  readonly kind: StepKind;
  readonly pick: number;
  readonly items: number;
  /** Whether every promise runs before the next step, or the next step comes in between. */
  readonly settles: boolean;
}

export type StepKind =
  | 'submit'
  | 'succeed'
  | 'fail'
  | 'miscount'
  | 'lose'
  | 'lose for good'
  | 'throw next'
  | 'grow'
  | 'read'
  | 'flush'
  | 'elapse'
  | 'end'
  | 'abort'
  | 'close';
