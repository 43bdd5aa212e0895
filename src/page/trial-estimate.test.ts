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

describe('trialEstimate', () => {
  it('is paced by the slowest stage where the cores are many', () => {
    expect(trialEstimate(job(ffmpeg(10), dnn(80, 2), ffmpeg(20)), 8, 100).secondsPerFrame).toBeCloseTo(0.04);
    expect(trialEstimate(job(ffmpeg(10), dnn(80, 4), ffmpeg(30)), 8, 100).totalSeconds).toBeCloseTo(3);
  });

  it('is paced by all stages together where they share few cores', () => {
    expect(trialEstimate(job(ffmpeg(10), dnn(80, 2), ffmpeg(20)), 2, 100).secondsPerFrame).toBeCloseTo(0.055);
    expect(trialEstimate(job(ffmpeg(10), dnn(80, 4), ffmpeg(30)), 1, 100).secondsPerFrame).toBeCloseTo(0.12);
  });

  it('leaves out what is not known', () => {
    const result = trialEstimate(job(dnn(80, 1)), 2, undefined);
    expect(result).toMatchObject({ frames: 4, secondsPerFrame: 0.08 });
    expect('totalSeconds' in result).toBe(false);
  });
});
