/**
 * What a core tells beside ffmpeg's lines. It comes as one of them: a line of the log is the only thing that
 * leaves a worker which is blocked and shares no memory.
 */
import type { OutputRecord } from './output/output-channel.ts';

/** Something happened to an output file. */
export interface CoreOutputEvent {
  readonly kind: 'output';
  readonly record: OutputRecord;
  /** Of a `create`, `write` or `rename`; else empty. */
  readonly payload: Uint8Array;
}

/** The core works on; told now and then, and only where its owner does not see it in shared memory. */
export interface CoreStepEvent {
  readonly kind: 'step';
  /** A CoreStep: the last one. */
  readonly step: number;
}

/** The core's worker holds this Web Lock for life. */
export interface CoreLifeEvent {
  readonly kind: 'life';
  readonly lock: string;
}

export type CoreEvent = CoreOutputEvent | CoreStepEvent | CoreLifeEvent;

/** As the stock class carries it. */
export interface CoreEventLog {
  readonly type: 'core';
  readonly message: '';
  readonly event: CoreEvent;
}

export function coreEventLog(event: CoreEvent): CoreEventLog {
  return { type: 'core', message: '', event };
}

/** @param log one event `log` of the stock class. @returns undefined for a line of ffmpeg. */
export function coreEventOf(log: {
  readonly type: string;
  readonly event?: CoreEvent;
}): CoreEvent | undefined {
  return log.type === 'core' ? log.event : undefined;
}
