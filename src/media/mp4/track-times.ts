/** Where a track begins and how long it is, as libavformat/movenc.c counts. */
import type { MediaSample } from './media-sample.ts';

export interface TrackTimes {
  /** Of the first sample, in units of the track. */
  readonly startDts: number;
  readonly startPts: number;
  /** When the last one to be shown has been shown. */
  readonly endPts: number;
}

/** All zero without samples. */
export function trackTimes(samples: readonly MediaSample[]): TrackTimes {
  const first = samples[0];
  if (first === undefined) return { startDts: 0, startPts: 0, endPts: 0 };
  const endPts = samples.reduce((latest, { pts, duration }) => Math.max(latest, pts + duration), first.pts);
  return { startDts: first.dts, startPts: first.pts, endPts };
}

/** `value * to / from`, rounded up. */
export function rescaleUp(value: number, to: number, from: number): number {
  return Number((BigInt(value) * BigInt(to) + BigInt(from - 1)) / BigInt(from));
}

/** Likewise, rounded down, also below zero. */
export function rescaleDown(value: number, to: number, from: number): number {
  const product = BigInt(value) * BigInt(to);
  const divisor = BigInt(from);
  const quotient = product / divisor;
  return Number(product % divisor < 0n ? quotient - 1n : quotient);
}
