/** What a job with DNN filters tells beside its outputs: what was found, and who worked when. */
import { DetectionsFile } from '../report/detections-file.ts';
import { DetectionsRecorder } from '../report/detections-recorder.ts';
import { TimelineFile } from '../report/timeline-file.ts';
import { TimelineRecorder } from '../report/timeline-recorder.ts';
import type { CommandRun } from './execution.ts';
import type { OwnFile } from './run-kind.ts';

/** Listeners and files of one job. */
export interface JobRecorders {
  /** Undefined where no filter detects. */
  readonly detections: DetectionsRecorder | undefined;
  /** Undefined where nobody wants to know. */
  readonly timeline: TimelineRecorder | undefined;
  /**
   * As of both recorders; to be called once, however the job has ended.
   * @throws what a file's target is rejected with.
   */
  finish(succeeded: boolean): Promise<void>;
}

/** @param detects whether a filter of the command does. */
export function startRecorders(run: CommandRun, detects: boolean): JobRecorders {
  const detections = detects ? detectionsRecorder(run) : undefined;
  const timeline = timelineRecorder(run);
  return {
    detections,
    timeline,
    finish: async (succeeded) => {
      await Promise.all([detections?.finish(succeeded), timeline?.finish(succeeded)]);
    },
  };
}

function detectionsRecorder(run: CommandRun): DetectionsRecorder {
  const { context, request, command, log } = run;
  const send = request.reportsDetections ? context.detections : undefined;
  const own = ownFileOf(command.dnnDetections, run);
  const file = own && new DetectionsFile(own.path, context.store, own.target);
  return new DetectionsRecorder({ send, file, log });
}

function timelineRecorder(run: CommandRun): TimelineRecorder | undefined {
  const { context, request, command, started } = run;
  const send = request.reportsTimeline ? context.timeline : undefined;
  const own = ownFileOf(command.dnnTimeline, run);
  if (send === undefined && own === undefined) return undefined;
  const file = own && new TimelineFile(own.path, context.store, own.target);
  return new TimelineRecorder({ started, send, file });
}

function ownFileOf(name: string | undefined, { kind }: CommandRun): OwnFile | undefined {
  return name === undefined ? undefined : kind.ownFile(name);
}
