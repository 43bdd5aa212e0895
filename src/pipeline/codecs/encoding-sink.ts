/**
 * The end of a job with encoders of the browser: encoded video and, for outputs that ffmpeg encodes, raw
 * frames go through pipes into one ffmpeg, which writes all outputs.
 */
import type { CorePipe } from '../../media/core-options.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import { browserEncoder } from '../command/webcodecs/browser-encoder.ts';
import { startEncodeStage, type EncodeStageOptions, type StagePipe } from '../ffmpeg/encode-stage.ts';
import type { RunningStage } from '../ffmpeg/ffmpeg-stages.ts';
import { pumpFrames } from '../frames/frame-pump.ts';
import type { FrameSink } from '../frames/frame-sink.ts';
import { packetRingBytes } from '../ffmpeg/movie-templates.ts';
import { directFrames } from '../planning/codecs/direct-frames.ts';
import { rateStageArgs } from '../planning/codecs/rate-args.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import { encodedColors } from '../planning/codecs/encoded-colors.ts';
import type { StreamPictures } from '../planning/color/stream-pictures.ts';
import { encodeFilters } from '../planning/encode-stage-args.ts';
import type { MemoryMeter } from '../report/memory-meter.ts';
import type { TimelineRecorder } from '../report/timeline-recorder.ts';
import { partOf } from '../command/plan-filterchain.ts';
import { encoderName } from '../command/webcodecs/encoder-option.ts';
import { CodecMeter } from './codec-meter.ts';
import type { CodecWorkers } from './codec-workers.ts';
import type { StageLog } from '../report/stage-log.ts';
import { EncodingInput } from './encoding-input.ts';
import { RateStage } from './rate-stage.ts';
import { SyncedFrames } from './synced-frames.ts';

export interface EncodingSinkStart extends EncodeStageOptions {
  readonly buffers: BufferPool;
  readonly assets: AssetUrls;
  readonly codecWorkers: Pick<CodecWorkers, 'take'>;
  /** Of `-dnn_watchdog`; undefined where left out. */
  readonly watchdogSeconds: number | undefined;
  readonly memory: MemoryMeter;
  readonly timeline: TimelineRecorder | undefined;
  /** Frames of the layout's outputs. */
  readonly inputs: readonly NutStream[];
  /** Of the planning run. */
  readonly pictures: StreamPictures;
  /** Counts the frames that ffmpeg says it wrote. */
  readonly log: Pick<StageLog, 'framesEncoded'>;
}

/** The stage that writes is started once all encoders have begun: where one refuses, no file is touched. */
export function startEncodingSink(start: EncodingSinkStart): FrameSink {
  const { plan, inputs, log } = start;
  const sinkInputs = inputs.map((info, index) => startInput(start, info, index));
  const encoders = sinkInputs.filter((input) => input instanceof EncodingInput);
  // Filters behind stand before the encoders where there is no other sink of frames.
  const rawFilters = encoders.length === sinkInputs.length ? '' : encodeFilters(plan);
  let running: RunningStage | undefined;
  let isKilled = false;
  const kill = (): void => {
    isKilled = true;
    for (const encoder of encoders) encoder.kill();
    running?.stage.kill();
  };
  const run = async (): Promise<number> => {
    const pipes = await Promise.all(sinkInputs.map(stagePipe));
    running = startEncodeStage(start, pipes);
    if (isKilled) running.stage.kill();
    const exitCode = await running.exitCode;
    if (exitCode !== 0) return exitCode;
    const failed = await Promise.all(encoders.map((encoder) => encoder.failedExitCode()));
    return failed.find((code) => code !== 0) ?? 0;
  };
  const exitCode = run();
  exitCode.catch(() => undefined); // whoever started the sink looks at it
  return {
    accept: (input, stream, onFrame) => sinkInputs[input]!.accept(stream, onFrame),
    async quit() {
      await Promise.all(sinkInputs.map((input) => input.drained()));
      running?.stage.requestQuit();
    },
    kill,
    exitCode,
    get framesEncoded() {
      return log.framesEncoded;
    },
    stats: (frames) => [
      ...encoders.flatMap((encoder) => encoder.stats(frames)),
      ...(running === undefined ? [] : [running.stage.stats(rawFilters, frames)]),
    ],
  };
}

/** Raw frames for an output that ffmpeg encodes. */
type RawInput = Pick<EncodingInput, 'accept' | 'drained'> & {
  readonly pipe: CorePipe;
  readonly info: NutStream;
};

function startInput(start: EncodingSinkStart, info: NutStream, index: number): EncodingInput | RawInput {
  const { plan, planning, layout, pictures, stages, buffers, templates, memory, timeline } = start;
  const { assets, codecWorkers, watchdogSeconds } = start;
  const run = layout.runs[layout.outputs[index]!]!;
  const chain = run.chain === undefined ? undefined : plan.chains[run.chain];
  const encoder = chain && browserEncoder(chain.output);
  if (chain === undefined || encoder === undefined) return rawInput(start, info, index);
  const { output } = chain;
  const colors = encodedColors(planning, pictures, chain);
  const direct = directFrames(plan, planning, chain, encoder, colors);
  const supply =
    direct === undefined
      ? new RateStage({
          ...{ stages, buffers, index, info, pixelFormat: encoder.pixelFormat, output },
          filter: partOf(chain.chain, chain.chain.dnnFilters.length),
          argsOf: (pipes) => rateStageArgs(plan, planning, chain, encoder, pipes),
        })
      : new SyncedFrames(info, direct, buffers);
  const meter = new CodecMeter('encode', timeline?.lane('encode', encoderName(encoder.codec)));
  memory.add(() => meter.heldBytes);
  return new EncodingInput({
    pipe: { name: `packets${index}`, direction: 'read', ring: stages.byteRing(packetRingBytes) },
    ...{ supply, encoder, colors, output, buffers, assets, codecWorkers, meter, watchdogSeconds },
    onPacket: (packet) => {
      templates.sawPacket(index, packet);
    },
  });
}

function rawInput(
  { stages, buffers, templates }: EncodingSinkStart,
  info: NutStream,
  index: number,
): RawInput {
  const pipe: CorePipe = { name: `frames${index}`, direction: 'read', ring: stages.ring(info) };
  return {
    ...{ pipe, info },
    async accept(stream, onFrame) {
      await pumpFrames(stream, pipe.ring, buffers, (frame) => {
        templates.sawFrame(index, frame);
        onFrame(frame);
      });
    },
    drained: () => new RingWriter(pipe.ring).drained(),
  };
}

async function stagePipe(input: EncodingInput | RawInput): Promise<StagePipe> {
  const { pipe } = input;
  if (!(input instanceof EncodingInput)) return { pipe, input: { name: pipe.name, info: input.info } };
  const { encoder, colors } = input;
  const encoded = await input.begun;
  const { sampleAspectRatio, frameRate } = encoded;
  return {
    pipe,
    input: { name: pipe.name, encoded },
    video: { encoder, colors, sampleAspectRatio, frameRate },
  };
}
