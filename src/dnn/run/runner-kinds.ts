/**
 * What the kinds of filters send to their inference workers and get from them: plain data, for both sides.
 */
import type { AnalyticsResult, AnalyticsSpec } from '../contract/analytics-spec.ts';
import type { RequestFigures } from '../contract/request-figures.ts';
import type { Frame } from '../../frame/frame.ts';
import type { FrameToInfer } from './frame-to-infer.ts';

/**
 * By kind: what its runner is told beside the model (`setup`), what one inference is given
 * (`item`), and what it gives (`output`).
 */
export interface RunnerKinds {
  /** Makes a picture of each frame. */
  readonly process: {
    readonly setup: undefined;
    readonly item: FrameToInfer;
    /** With the pts of its input frame, and its format unless `rows` says otherwise. */
    readonly output: Frame;
  };
  /** Detects or classifies. */
  readonly analyse: {
    readonly setup: AnalyticsSpec;
    readonly item: Frame;
    readonly output: AnalyticsResult;
  };
}

export type RunnerKind = keyof RunnerKinds;

/** What the filter's workers are to do with their model. */
export type RunnerTask<Kind extends RunnerKind = RunnerKind> = {
  [K in Kind]: { readonly kind: K; readonly setup: RunnerKinds[K]['setup'] };
}[Kind];

/** One request; the buffers in it are the runner's from then on. */
export interface RunnerRequest<Kind extends RunnerKind = RunnerKind> {
  readonly kind: Kind;
  readonly items: readonly RunnerKinds[Kind]['item'][];
  /** May be used for the outputs: that of the item at the same index, where the size is right. */
  readonly outBuffers: readonly ArrayBuffer[];
}

/** What came of a request; the buffers in it are the caller's. */
export interface RunnerAnswer<Kind extends RunnerKind = RunnerKind> extends RequestFigures {
  readonly kind: Kind;
  /** One per item, in order. */
  readonly outputs: readonly RunnerKinds[Kind]['output'][];
}

/** Tells what has crossed a port by its kind: there the compiler knows of all kinds only. */
export function isRequestOf<Kind extends RunnerKind>(
  kind: Kind,
  request: RunnerRequest,
): request is RunnerRequest<Kind> {
  return request.kind === kind;
}

/** The same for an answer. */
export function isAnswerOf<Kind extends RunnerKind>(
  kind: Kind,
  answer: RunnerAnswer,
): answer is RunnerAnswer<Kind> {
  return answer.kind === kind;
}
