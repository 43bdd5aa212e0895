/** ffmpeg as what gives the packets of one video stream. */
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import { RingReader } from '../../media/ring-reader.ts';
import type { FfmpegStages, RunningStage } from '../ffmpeg/ffmpeg-stages.ts';
import type { StageLog } from '../report/stage-log.ts';

/** Holds some seconds of most videos. */
const ringBytes = 4 * 2 ** 20;

export interface DemuxStage extends RunningStage {
  /** The NUT that it writes. */
  readonly packets: RingReader;
  /** What it has said last; empty before. */
  readonly lastLine: string;
  /** Its lines are of use: those that were held back are told now, and others as they come. */
  tell(): void;
}

export interface DemuxStart {
  readonly stages: Pick<FfmpegStages, 'start' | 'byteRing'>;
  readonly log: Pick<StageLog, 'upstream'>;
  /** Index of the run whose decoder gets the packets. */
  readonly index: number;
  /** @param pipe path of the pipe to write. */
  readonly args: (pipe: string) => readonly string[];
}

/** The stage is the caller's, as one of FfmpegStages. Where ffmpeg decodes in the end it has said nothing. */
export function startDemuxStage({ stages, log, index, args }: DemuxStart): DemuxStage {
  const name = `packets${index}`;
  const ring = stages.byteRing(ringBytes);
  const pipe: CorePipe = { name, direction: 'write', ring };
  const label = index === 0 ? 'demux' : `demux ${index}`;
  const held: string[] = [];
  let isTold = false;
  let lastLine = '';
  const running = stages.start({
    label,
    args: args(`${pipeFolder}/${name}`),
    pipes: [pipe],
    inPlaceOf: (line) => {
      lastLine = line;
      if (isTold) return line;
      held.push(line);
      return undefined;
    },
  });
  return {
    ...running,
    packets: new RingReader(ring),
    get lastLine() {
      return lastLine;
    },
    tell() {
      isTold = true;
      for (const line of held.splice(0)) log.upstream(label, line);
    },
  };
}
