/** What a DNN filter does in its stage, beside the schedule that all of them share. */
import type { Logger } from '../../base/log.ts';
import type { RunnerKind } from '../../dnn/run/runner-kinds.ts';
import type { InferenceRequest, RequestSplit } from '../../dnn/schedule/executor-options.ts';
import type { Frame } from '../../frame/frame.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { StageFilter, StageResult, StageWorkers } from './dnn-stage-options.ts';

/** `Item` is what one inference is given, `Out` what it gives. */
export interface StageWork<Item, Out> {
  /** The inferences of a frame; none where it passes as it is. */
  items(frame: Frame): readonly Item[];
  /**
   * One call of the workers. What is sent are copies: a worker that is lost takes its frames with it, and
   * they are needed for a second try or to pass them on.
   */
  execute(request: InferenceRequest<Item>): Promise<readonly Out[]>;
  /**
   * The frame that goes on, made of the filter's frame and the results of its
   * inferences; both are given away.
   */
  finish(inFrame: Frame, outputs: readonly Out[]): Frame;
  /** Takes back a result that nobody will be handed. */
  discard(output: Out): void;
  readonly parts?: RequestSplit<Item, Out>;
}

/** What the work of a filter is made of. */
export interface StageWorkSetup<Kind extends RunnerKind = RunnerKind> {
  readonly filter: StageFilter<Kind>;
  readonly result: StageResult;
  readonly workers: StageWorkers;
  /** Seconds of one unit of the frames' pts. */
  readonly timeBase: NutStream['timeBase'];
  readonly log: Logger;
}
