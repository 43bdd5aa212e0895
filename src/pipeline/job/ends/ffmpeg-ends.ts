/** ffmpeg at both ends of a job, with encoders of the browser before it where an output asks for one. */
import { usesBrowserEncoder } from '../../command/webcodecs/stand-in-encoder.ts';
import { startEncodingSink, type EncodingSinkStart } from '../../codecs/encoding-sink.ts';
import { startFfmpegSink } from '../../ffmpeg/ffmpeg-sink.ts';
import { startFfmpegSource } from '../../ffmpeg/ffmpeg-source.ts';
import type { JobEnds } from './job-ends.ts';

/** What all stages of a job share, and what the last one needs. */
export type FfmpegEndsOptions = Omit<EncodingSinkStart, 'inputs'>;

export function ffmpegEnds(options: FfmpegEndsOptions): JobEnds {
  const startSink = usesBrowserEncoder(options.plan.command) ? startEncodingSink : startFfmpegSink;
  return {
    startSource: (run, inputs) => startFfmpegSource({ ...options, index: run, inputs }),
    startSink: (inputs) => startSink({ ...options, inputs }),
  };
}
