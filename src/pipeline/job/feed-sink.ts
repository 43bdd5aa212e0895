/** Gives a job's frames to its sink until one of them has ended, and tells how. */
import type { Frame } from '../../frame/frame.ts';
import type { FrameSink } from '../frames/frame-sink.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { SourceFailure } from '../frames/source-failure.ts';
import type { StageLog } from '../report/stage-log.ts';
import type { FrameTransfers } from '../frames/frame-transfers.ts';
import type { RunningEnds } from './running-ends.ts';

/** What the job lends. */
export interface SinkFeeding {
  readonly stageLog: Pick<StageLog, 'muteUpstream'>;
  readonly running: RunningEnds;
  /** Also follows what this starts. */
  readonly transfers: FrameTransfers;
  /** Whether the job was asked to stop. */
  readonly wasStopped: () => boolean;
  /**
   * Called for each frame of an input that the sink took.
   * @param time in seconds since that input's first frame.
   */
  readonly onFrame: (input: number, time: number) => void;
}

/**
 * A stage's own failures are exit codes, those of a filter are thrown; both once
 * the sink has finished its files.
 *
 * @param streams for each input of the sink.
 * @returns the sink's exit code, or that of the stage which failed before it.
 */
export async function feedSink(
  sink: FrameSink,
  streams: readonly FrameStream[],
  feeding: SinkFeeding,
): Promise<number> {
  const { stageLog, transfers } = feeding;
  const stopAll = (): void => {
    for (const stream of streams) stream.stop();
  };
  // A source that finds no more frames for a long time must not outlive the sink.
  void Promise.allSettled([sink.exitCode]).then(() => {
    stageLog.muteUpstream();
    stopAll();
  });
  const accepted = streams.map((stream, input) => accept(sink, input, stream, feeding));
  for (const one of accepted) transfers.watch(one);
  void quitEarly(sink, accepted, stopAll, feeding);
  return exitCodeOf(sink, feeding);
}

function accept(
  sink: FrameSink,
  input: number,
  stream: FrameStream,
  { wasStopped, onFrame }: SinkFeeding,
): Promise<void> {
  const { num, den } = stream.info.timeBase;
  let firstPts: number | undefined;
  return sink.accept(input, endingOnStop(stream, wasStopped), ({ pts }) => {
    firstPts ??= pts;
    onFrame(input, ((pts - firstPts) * num) / den);
  });
}

/**
 * A source that was told to stop may end in the middle of a frame; that is the
 * end of the stream and no failure.
 */
function endingOnStop(stream: FrameStream, wasStopped: () => boolean): FrameStream {
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    try {
      yield* stream.frames;
    } catch (error) {
      if (!wasStopped() || !(error instanceof SourceFailure)) throw error;
    }
  }
  return { ...stream, frames: frames() };
}

/**
 * Lets the sink finish its files before its inputs end. After a stop it must not go on with the rest of the
 * film's sound; nor with the other branches after one has failed, whose frames are of no use by themselves.
 */
async function quitEarly(
  sink: FrameSink,
  accepted: readonly Promise<void>[],
  stopAll: () => void,
  { running, transfers, wasStopped }: SinkFeeding,
): Promise<void> {
  const failed = new Promise<void>((resolve) => {
    for (const one of accepted) {
      one.catch(() => {
        resolve();
      });
    }
  });
  await Promise.race([Promise.allSettled(accepted), ...(accepted.length > 1 ? [failed] : [])]);
  if (!wasStopped() && (accepted.length === 1 || !transfers.hasFailed)) return;
  running.quitSources();
  stopAll();
  await Promise.allSettled(accepted);
  await sink.quit();
}

async function exitCodeOf(sink: FrameSink, { running, transfers }: SinkFeeding): Promise<number> {
  const [encoded] = await Promise.allSettled([sink.exitCode]);
  await transfers.ended();
  const { ownFailure } = transfers;
  if (ownFailure !== undefined) throw ownFailure as Error;
  if (encoded.status === 'rejected') throw encoded.reason;
  if (encoded.value !== 0 || !transfers.hasFailed) return encoded.value;
  const failed = await running.failedExitCode();
  if (failed === undefined) throw transfers.firstFailure as Error;
  return failed;
}
