/** ffmpeg as what gives the packets of one video stream. */
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import { RingReader } from '../../media/ring-reader.ts';
import type { FfmpegStages, RunningStage } from '../ffmpeg/ffmpeg-stages.ts';
import type { StageLog } from '../report/stage-log.ts';

/** Holds some seconds of most videos. */
const ringBytes = 4 * 2 ** 20;
const flagRingBytes = 64 * 1024;

export interface DemuxStage extends RunningStage {
  /** The NUT that it writes. */
  readonly packets: RingReader;
  /** The list of the packets' flags that it writes beside them: each has to be read with its packet. */
  readonly flags: RingReader;
  /** Its last complaint, or whatever it has said last; empty before. */
  readonly lastLine: string;
  /** Its lines are of use: those that were held back are told now, and others as they come. */
  tell(): void;
}

export interface DemuxStart {
  readonly stages: Pick<FfmpegStages, 'start' | 'byteRing'>;
  readonly log: Pick<StageLog, 'upstream'>;
  /** Index of the run whose decoder gets the packets. */
  readonly index: number;
  /** @param pipes paths of the pipes to write. */
  readonly args: (pipes: { readonly packets: string; readonly flags: string }) => readonly string[];
}

/** The stage is the caller's, as one of FfmpegStages. Where ffmpeg decodes in the end it has said nothing. */
export function startDemuxStage({ stages, log, index, args }: DemuxStart): DemuxStage {
  const ring = stages.byteRing(ringBytes);
  const flagRing = stages.byteRing(flagRingBytes);
  const pipes: readonly CorePipe[] = [
    { name: `packets${index}`, direction: 'write', ring },
    { name: `flags${index}`, direction: 'write', ring: flagRing },
  ];
  const label = index === 0 ? 'demux' : `demux ${index}`;
  const held: string[] = [];
  let isTold = false;
  let lastLine = '';
  let hasComplained = false;
  const running = stages.start({
    label,
    args: args({ packets: `${pipeFolder}/packets${index}`, flags: `${pipeFolder}/flags${index}` }),
    pipes,
    inPlaceOf: (line) => {
      const complaint = /^\[[^\]]* @ 0x[0-9a-f]+\] (.*)$/.exec(line)?.[1];
      if (complaint !== undefined || !hasComplained) lastLine = complaint ?? line;
      hasComplained ||= complaint !== undefined;
      if (isTold) return line;
      held.push(line);
      return undefined;
    },
  });
  return {
    ...running,
    packets: new RingReader(ring),
    flags: new RingReader(flagRing),
    get lastLine() {
      return lastLine;
    },
    tell() {
      isTold = true;
      for (const line of held.splice(0)) log.upstream(label, line);
    },
  };
}
