import { describe, expect, it } from 'vitest';
import type { JobStats, StageStats } from '../workers/pipeline-api.ts';
import { noStats } from '../workers/no-stats.ts';
import { trialEstimate } from './trial-estimate.ts';

const stage = { filter: '', frames: 4, seconds_wall: 1 };
const ffmpeg = (msPerFrame: number): StageStats => ({
  ...stage,
  kind: 'ffmpeg',
  seconds_busy: (4 * msPerFrame) / 1000,
});
const dnn = (ms_per_frame: number, nireq: number): StageStats => ({
  ...{ ...stage, kind: 'dnn', seconds_busy: 9, ms_per_frame, ms_io: 0 },
  nireq,
});
const job = (...stages: StageStats[]): JobStats => ({ ...noStats, frames_out: 4, stages });

const facts = { expectedFrames: 100 };

describe('trialEstimate', () => {
  it('is paced by the slowest stage where the cores are many', () => {
    expect(trialEstimate(job(ffmpeg(10), dnn(80, 2), ffmpeg(20)), 8, facts).secondsPerFrame).toBeCloseTo(
      0.04,
    );
    expect(trialEstimate(job(ffmpeg(10), dnn(80, 4), ffmpeg(30)), 8, facts).totalSeconds).toBeCloseTo(3);
  });

  it('is paced by all stages together where they share few cores', () => {
    expect(trialEstimate(job(ffmpeg(10), dnn(80, 2), ffmpeg(20)), 2, facts).secondsPerFrame).toBeCloseTo(
      0.055,
    );
    expect(trialEstimate(job(ffmpeg(10), dnn(80, 4), ffmpeg(30)), 1, facts).secondsPerFrame).toBeCloseTo(
      0.12,
    );
  });

  it('is not slower than the trial was, whose stages had each other beside them', () => {
    const stages = job(ffmpeg(10), dnn(80, 2), ffmpeg(20));
    const at = (secondsPerFrame: number): number =>
      trialEstimate(stages, 2, { ...facts, secondsPerFrame }).secondsPerFrame;
    expect(at(0.05)).toBeCloseTo(0.05);
    expect(at(0.2)).toBeCloseTo(0.055);
    // Frames went to a queue: the stage behind it is the slower one.
    expect(at(0.01)).toBeCloseTo(0.04);
  });

  it('leaves out what is not known', () => {
    const result = trialEstimate(job(dnn(80, 1)), 2, {});
    expect(result).toMatchObject({ frames: 4, secondsPerFrame: 0.08 });
    expect('totalSeconds' in result).toBe(false);
  });
});
