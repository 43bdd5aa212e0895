/** The browser's decoders at the ends of a job where they do what ffmpeg does, and ffmpeg where not. */
import type { JobEnds } from './job-ends.ts';
import { planDecoder } from '../../planning/codecs/decoder-plan.ts';
import { startHwaccelSource, type HwaccelShare } from '../../codecs/hwaccel-source.ts';
import { tellFallback } from '../../codecs/tell-fallback.ts';
import type { StreamPictures } from '../../planning/color/stream-pictures.ts';
import type { JobLayout } from '../../planning/job-layout.ts';
import type { Planning } from '../../planning/planning-log.ts';

/** What is known of the job, and what it lends. */
export interface CodecEndsOptions extends HwaccelShare {
  readonly planning: Planning;
  readonly pictures: StreamPictures;
  readonly layout: JobLayout;
}

/** @param ffmpeg what stands at the other ends, and takes over where a decoder gives up. */
export function codecEnds(ffmpeg: JobEnds, options: CodecEndsOptions): JobEnds {
  const { plan, planning, pictures, layout, log } = options;
  return {
    startSource: (index, inputs) => {
      const choice = planDecoder(plan, planning, pictures, layout.runs[index]!);
      const startFfmpeg = (): ReturnType<JobEnds['startSource']> => ffmpeg.startSource(index, inputs);
      if ('decoded' in choice) return startHwaccelSource({ ...options, index, decoder: choice, startFfmpeg });
      for (const { file, reason } of choice) tellFallback({ command: plan.command, log }, file, reason);
      return startFfmpeg();
    },
    startSink: (inputs) => ffmpeg.startSink(inputs),
  };
}
