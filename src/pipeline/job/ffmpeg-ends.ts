/** ffmpeg at both ends of a job. */
import type { JobEnds } from './job-ends.ts';
import { startFfmpegSink, type FfmpegSinkStart } from '../ffmpeg/ffmpeg-sink.ts';
import { startFfmpegSource } from '../ffmpeg/ffmpeg-source.ts';

/** What all ffmpeg stages of a job share, and what the last one needs. */
export type FfmpegEndsOptions = Omit<FfmpegSinkStart, 'inputs'>;

export function ffmpegEnds(options: FfmpegEndsOptions): JobEnds {
  return {
    startSource: (run, inputs) => startFfmpegSource({ ...options, index: run, inputs }),
    startSink: (inputs) => startFfmpegSink({ ...options, inputs }),
  };
}
