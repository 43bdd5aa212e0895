/**
 * The decoders of the browser at the ends of a job where they do what ffmpeg does, ffmpeg where not. Frames
 * that are decoded for nobody need no ffmpeg at all.
 */
import type { JobEnds } from './job-ends.ts';
import { countsOnly } from '../../planning/codecs/counts-only.ts';
import { planDecoder } from '../../planning/codecs/decoder-plan.ts';
import { startCountingSink } from '../../frames/counting-sink.ts';
import { undecodedCodec, undecodedError } from '../../planning/codecs/undecoded-videos.ts';
import { startHwaccelSource, type HwaccelShare } from '../../codecs/hwaccel-source.ts';
import { tellFallback } from '../../codecs/tell-fallback.ts';
import type { StreamPictures } from '../../planning/color/stream-pictures.ts';
import type { JobLayout } from '../../planning/job-layout.ts';
import type { Planning } from '../../planning/planning-log.ts';
import type { StageLog } from '../../report/stage-log.ts';

/** What is known of the job, and what it lends. */
export interface CodecEndsOptions extends Omit<HwaccelShare, 'stageLog'> {
  readonly planning: Planning;
  readonly pictures: StreamPictures;
  readonly layout: JobLayout;
  readonly stageLog: StageLog;
}

/** @param ffmpeg what stands at the other ends, and takes over where a decoder gives up. */
export function codecEnds(ffmpeg: JobEnds, options: CodecEndsOptions): JobEnds {
  const { plan, planning, pictures, layout, log, buffers, stageLog } = options;
  return {
    startSource: (index, inputs) => {
      const choice = planDecoder(plan, planning, pictures, layout.runs[index]!);
      const startFfmpeg = (): ReturnType<JobEnds['startSource']> => ffmpeg.startSource(index, inputs);
      if ('decoded' in choice) return startHwaccelSource({ ...options, index, decoder: choice, startFfmpeg });
      for (const { file, reason, codec } of choice) {
        if (codec === undecodedCodec) throw undecodedError(plan.command, file, reason);
        tellFallback({ command: plan.command, log }, file, reason);
      }
      return startFfmpeg();
    },
    startSink: (inputs) => {
      if (!countsOnly(plan, planning)) return ffmpeg.startSink(inputs);
      const onStatus = (line: string): void => {
        stageLog.encoder(line);
      };
      return startCountingSink({ info: inputs[0]!, buffers, onStatus });
    },
  };
}
