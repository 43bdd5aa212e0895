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
import { encodedColors } from '../planning/codecs/encoded-colors.ts';
import type { StreamPictures } from '../planning/color/stream-pictures.ts';
import { encodeFilters } from '../planning/encode-stage-args.ts';
import type { StageLog } from '../report/stage-log.ts';
import { EncodingInput, type EncodingOptions } from './encoding-input.ts';

export interface EncodingSinkStart extends EncodeStageOptions, EncodingOptions {
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
    stats: (frames) =>
      running?.stage.stats(encodeFilters(plan), frames) ?? {
        ...{ kind: 'ffmpeg', filter: encodeFilters(plan), frames, seconds_wall: 0, seconds_busy: 0 },
      },
  };
}

/** Raw frames for an output that ffmpeg encodes. */
type RawInput = Pick<EncodingInput, 'accept' | 'drained'> & {
  readonly pipe: CorePipe;
  readonly info: NutStream;
};

function startInput(start: EncodingSinkStart, info: NutStream, index: number): EncodingInput | RawInput {
  const { plan, planning, layout, pictures, buffers, templates } = start;
  const run = layout.runs[layout.outputs[index]!]!;
  const chain = run.chain === undefined ? undefined : plan.chains[run.chain];
  const encoder = chain && browserEncoder(chain.output);
  if (chain === undefined || encoder === undefined) return rawInput(start, info, index);
  return new EncodingInput({
    ...{ ...start, index, chain, encoder, info, buffers },
    colors: encodedColors(planning, pictures, chain),
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
