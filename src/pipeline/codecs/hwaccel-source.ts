/** `-hwaccel webcodecs`: a decoder of the browser as a run's source, with ffmpeg in reserve. */
import { DnnError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import { partOf } from '../command/plan-filterchain.ts';
import type { Plan } from '../command/plan.ts';
import type { FfmpegStages } from '../ffmpeg/ffmpeg-stages.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { DecoderPlan } from '../planning/codecs/decoder-plan.ts';
import { undecodedCodec, undecodedError } from '../planning/codecs/undecoded-videos.ts';
import { decodedFilterArgs, demuxStageArgs } from '../planning/codecs/decoder-stage-args.ts';
import type { Planning } from '../planning/planning-log.ts';
import type { MemoryMeter } from '../report/memory-meter.ts';
import type { StageLog } from '../report/stage-log.ts';
import type { TimelineRecorder } from '../report/timeline-recorder.ts';
import { CodecMeter } from './codec-meter.ts';
import type { CodecWorkers } from './codec-workers.ts';
import { DecoderClient } from './decoder-client.ts';
import { framesOfDecoder, startDecoderSource } from './decoder-source.ts';
import { startDemuxStage } from './demux-stage.ts';
import { startFailoverSource } from './failover-source.ts';
import { startFilteredSource } from './filtered-source.ts';
import { tellFallback } from './tell-fallback.ts';

/** What a job lends to its decoders. */
export interface HwaccelShare {
  readonly plan: Plan;
  readonly planning: Planning;
  readonly stages: FfmpegStages;
  readonly buffers: BufferPool;
  readonly memory: MemoryMeter;
  /** Takes this project's own lines. */
  readonly log: Logger;
  /** Takes those of the stages. */
  readonly stageLog: Pick<StageLog, 'upstream'>;
  readonly timeline: TimelineRecorder | undefined;
  readonly codecWorkers: Pick<CodecWorkers, 'take'>;
  /** Of `-dnn_watchdog`; undefined where left out. */
  readonly watchdogSeconds: number | undefined;
}

export interface HwaccelStart extends HwaccelShare {
  /** Index of the run that is fed. */
  readonly index: number;
  readonly decoder: DecoderPlan;
  /** Starts ffmpeg in its place. */
  readonly startFfmpeg: () => FrameSource;
}

/** Where ffmpeg decodes, from the start or later, one line of the log says why. */
export function startHwaccelSource(start: HwaccelStart): FrameSource {
  const { plan, decoder, buffers, log, startFfmpeg } = start;
  const { codec, source } = decoder;
  return startFailoverSource({
    first: startDecoding(start),
    startSecond: (reason, time) => {
      const failure = `${reason}${time === undefined ? '' : `, behind ${time.toFixed(3)} s`}`;
      if (codec === undecodedCodec) throw undecodedError(plan.command, source.file, failure);
      tellFallback({ command: plan.command, log }, source.file, failure);
      return startFfmpeg();
    },
    buffers,
  });
}

function startDecoding(start: HwaccelStart): FrameSource {
  const { plan, planning, decoder, index, stages, buffers, memory, stageLog, timeline } = start;
  const { given, chain, between } = decoder;
  const label = index === 0 ? 'decode' : `decode ${index}`;
  const meter = new CodecMeter('decode', timeline?.lane('decode', label));
  memory.add(() => meter.heldBytes);
  const { pixelFormat, width, height } = framesOfDecoder(decoder);
  const client = new DecoderClient({
    worker: start.codecWorkers.take('decoder worker', workerFailure),
    ...{ buffers, meter, watchdogSeconds: start.watchdogSeconds },
    frameBytes: frameLayout(pixelFormat, width, height).size,
  });
  const demux = startDemuxStage({
    ...{ stages, log: stageLog, index },
    args: (pipes) => demuxStageArgs(plan, planning, decoder, pipes),
  });
  const source = startDecoderSource({ plan: decoder, demux, client, meter, buffers, filter: '' });
  if (between !== 'filters') return source;
  return startFilteredSource({
    ...{ source, given, stages, buffers },
    label: index === 0 ? 'filter' : `filter ${index}`,
    name: `source${index}`,
    args: (pipes) => decodedFilterArgs(plan, decoder, pipes),
    filter: partOf(chain.chain, 0),
  });
}

function workerFailure(what: string): DnnError {
  return new DnnError('EIO', `the decoder worker ${what}`);
}
