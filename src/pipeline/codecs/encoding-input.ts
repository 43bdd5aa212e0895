/**
 * The way of an output's video through an encoder of the browser: ffmpeg makes the frames what the encoder
 * is to get, a worker encodes them, and a pipe takes the packets to the ffmpeg that writes the output.
 */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { CodecColors } from '../../codecs/codec-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import { NutPacketWriter } from '../../media/nut/nut-packet-writer.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { FileGroup } from '../command/command.ts';
import type { ChainPlan, Plan } from '../command/plan.ts';
import type { BrowserEncoder } from '../command/webcodecs/browser-encoder.ts';
import { encoderName } from '../command/webcodecs/encoder-option.ts';
import { KeyFrameTimes } from '../command/webcodecs/key-frame-times.ts';
import type { FfmpegStages, RunningStage } from '../ffmpeg/ffmpeg-stages.ts';
import { packetRingBytes } from '../ffmpeg/movie-templates.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import { framesOf, pumpFrames } from '../frames/frame-pump.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { SourceFailure, StageFailure } from '../frames/source-failure.ts';
import { encoderTimes } from '../planning/codecs/encoder-times.ts';
import { encodedStream, encoderSetup } from '../planning/codecs/encoder-setup.ts';
import { rateStageArgs } from '../planning/codecs/rate-args.ts';
import type { Planning } from '../planning/planning-log.ts';
import { EncoderWorker } from './encoder-worker.ts';
import { probedEncoder } from './probed-codecs.ts';
import { requireEncoder } from './require-encoder.ts';

/** What all such inputs of a job share. */
export interface EncodingOptions {
  readonly plan: Plan;
  readonly planning: Planning;
  readonly stages: FfmpegStages;
  readonly buffers: BufferPool;
  readonly assets: AssetUrls;
}

/** One of them. */
export interface EncodingInputStart extends EncodingOptions {
  /** Number of the input, which names its pipes. */
  readonly index: number;
  readonly chain: ChainPlan;
  readonly encoder: BrowserEncoder;
  /** Of the frames that the encoder gets. */
  readonly colors: CodecColors;
  /** What the frames are like that come. */
  readonly info: NutStream;
  readonly onPacket: (packet: EncodedPacket) => void;
}

/** Started with a stage and a worker; ended by `accept`, or by `kill`. */
export class EncodingInput {
  /** The packets. */
  readonly pipe: CorePipe;
  readonly encoder: BrowserEncoder;
  readonly colors: CodecColors;
  /** Resolves once the encoder has taken the setup; rejects where it refuses, or no frame comes. */
  readonly begun: Promise<EncodedStream>;
  readonly #start: EncodingInputStart;
  readonly #worker: EncoderWorker;
  readonly #frames: CorePipe;
  readonly #rate: RunningStage;
  readonly #rated: Promise<FrameStream>;
  #hasFailed = false;

  constructor(start: EncodingInputStart) {
    const { index, stages, plan, planning, chain, encoder, colors, info, buffers, assets } = start;
    this.#start = start;
    this.encoder = encoder;
    this.colors = colors;
    this.pipe = { name: `packets${index}`, direction: 'read', ring: stages.byteRing(packetRingBytes) };
    this.#frames = { name: `rate${index}`, direction: 'read', ring: stages.ring(info) };
    const rated: CorePipe = {
      name: `rated${index}`,
      direction: 'write',
      ring: stages.ring({ ...info, format: encoder.pixelFormat }),
    };
    const paths = { input: `${pipeFolder}/${this.#frames.name}`, output: `${pipeFolder}/${rated.name}` };
    this.#rate = stages.start({
      label: index === 0 ? 'rate' : `rate ${index}`,
      args: rateStageArgs(plan, planning, chain, encoder, paths),
      pipes: [this.#frames, rated],
    });
    this.#rated = this.#opened(framesOf(rated.ring, buffers)).then((stream) =>
      inEncoderTimes(stream, chain.output),
    );
    this.#worker = new EncoderWorker(assets, encoderName(encoder.codec));
    this.begun = this.#begin();
    this.begun.catch(() => undefined); // whoever waits for it sees it
  }

  /** As FrameSink.accept. */
  async accept(stream: FrameStream, onFrame: (frame: Frame) => void): Promise<void> {
    const [taken, encoded] = await Promise.allSettled([
      pumpFrames(stream, this.#frames.ring, this.#start.buffers, onFrame),
      this.#encode(),
    ]);
    if (taken.status === 'rejected') throw taken.reason;
    if (encoded.status === 'rejected') throw encoded.reason;
  }

  /** Exit code of the stage before the encoder where that is why the packets end early; else 0. */
  async failedExitCode(): Promise<number> {
    return this.#hasFailed ? this.#rate.exitCode : 0;
  }

  /** Resolves once the packets are read. */
  drained(): Promise<void> {
    return new RingWriter(this.pipe.ring).drained();
  }

  kill(): void {
    this.#rate.stage.kill();
    this.#worker.terminate();
  }

  /** @throws StageFailure where the stage fails before its first frame. */
  async #opened(frames: Promise<FrameStream>): Promise<FrameStream> {
    try {
      return await frames;
    } catch (error) {
      const code = await this.#rate.exitCode;
      throw code === 0 ? error : new StageFailure('ffmpeg', code);
    }
  }

  async #begin(): Promise<EncodedStream> {
    const { encoder, colors, assets } = this.#start;
    // While the first frame is on its way.
    void probedEncoder(assets, encoder.codec);
    const { info } = await this.#rated;
    const setup = encoderSetup(encoder, info, colors);
    await requireEncoder(assets, setup);
    const { description } = await this.#worker.begin(setup);
    return encodedStream(encoder, info, description);
  }

  /** Resolves when the pipe has all packets, or its reader wants no more. */
  async #encode(): Promise<void> {
    const sink = new RingWriter(this.pipe.ring);
    const { chain, buffers, onPacket } = this.#start;
    let stop: (() => void) | undefined;
    try {
      const rated = await this.#rated;
      stop = () => {
        rated.stop();
      };
      const { info, frames } = rated;
      const { num, den } = info.timeBase;
      const times = KeyFrameTimes.of(chain.output);
      const isForcedKey = ({ pts }: Frame): boolean => times.isForced((pts * num) / den);
      const writer = await NutPacketWriter.open(sink, await this.begun);
      for await (const packet of this.#worker.packets(frames, { buffers, isForcedKey })) {
        await writer.writePacket(packet);
        onPacket(packet);
      }
      await writer.finish();
      sink.end();
    } catch (error) {
      if (error instanceof DnnError && error.code === 'EPIPE' && sink.readerClosed) return;
      this.#hasFailed = error instanceof SourceFailure;
      sink.break(errorMessage(error));
      throw error;
    } finally {
      stop?.();
      this.#worker.terminate();
    }
  }
}

/** The frames with their times as ffmpeg's own encoder would have them. */
function inEncoderTimes(stream: FrameStream, output: FileGroup): FrameStream {
  const { info, ptsOf } = encoderTimes(stream.info, output);
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for await (const frame of stream.frames) yield { ...frame, pts: ptsOf(frame.pts) };
  }
  return { ...stream, info, frames: frames() };
}
