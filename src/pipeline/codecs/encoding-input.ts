/**
 * The way of an output's video through an encoder of the browser: a supply gives frames, a worker encodes
 * them, and a pipe takes the packets to the ffmpeg that writes the output.
 */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { CodecColors, EncodeResult } from '../../codecs/codec-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { CorePipe } from '../../media/core-options.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import { NutPacketWriter } from '../../media/nut/nut-packet-writer.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { FileGroup } from '../command/command.ts';
import type { BrowserEncoder } from '../command/webcodecs/browser-encoder.ts';
import { encoderName } from '../command/webcodecs/encoder-option.ts';
import { KeyFrameTimes } from '../command/webcodecs/key-frame-times.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { SourceFailure } from '../frames/source-failure.ts';
import { encodedStream, encoderSetup } from '../planning/codecs/encoder-setup.ts';
import type { CodecMeter } from './codec-meter.ts';
import type { CodecWorkers } from './codec-workers.ts';
import type { EncoderSupply } from './encoder-supply.ts';
import { EncoderWorker } from './encoder-worker.ts';
import { requireEncoder } from './capabilities/require-encoder.ts';

export interface EncodingInputStart {
  /** For the packets: what reads it is the caller's. */
  readonly pipe: CorePipe;
  /** The input's from now on. */
  readonly supply: EncoderSupply;
  readonly encoder: BrowserEncoder;
  /** Of the frames that the encoder gets. */
  readonly colors: CodecColors;
  readonly output: FileGroup;
  readonly buffers: BufferPool;
  readonly assets: AssetUrls;
  readonly codecWorkers: Pick<CodecWorkers, 'take'>;
  readonly meter: CodecMeter;
  /** Of `-dnn_watchdog`; undefined where left out. */
  readonly watchdogSeconds: number | undefined;
  readonly onPacket: (packet: EncodedPacket) => void;
}

/** Started with a worker; ended by `accept`, or by `kill`. */
export class EncodingInput {
  /** The packets. */
  readonly pipe: CorePipe;
  readonly encoder: BrowserEncoder;
  readonly colors: CodecColors;
  /** Resolves once the encoder has taken the setup; rejects where it refuses, or no frame comes. */
  readonly begun: Promise<EncodedStream>;
  readonly #start: EncodingInputStart;
  readonly #worker: EncoderWorker;
  #hasFailed = false;

  constructor(start: EncodingInputStart) {
    const { pipe, encoder, colors, codecWorkers, watchdogSeconds } = start;
    this.#start = start;
    this.pipe = pipe;
    this.encoder = encoder;
    this.colors = colors;
    this.#worker = new EncoderWorker(codecWorkers, { name: encoderName(encoder.codec), watchdogSeconds });
    this.begun = this.#begin();
    this.begun.catch(() => undefined); // whoever waits for it sees it
  }

  /** As FrameSink.accept. */
  async accept(stream: FrameStream, onFrame: (frame: Frame) => void): Promise<void> {
    const supplied = this.#start.supply.start(stream, onFrame);
    const encoding = this.#encode(supplied.frames).finally(() => {
      supplied.stop();
    });
    const [take, encode] = await Promise.allSettled([supplied.taken, encoding]);
    if (take.status === 'rejected') throw take.reason;
    if (encode.status === 'rejected') throw encode.reason;
  }

  /** Exit code of the stage before the encoder where that is why the packets end early; else 0. */
  async failedExitCode(): Promise<number> {
    return this.#hasFailed ? this.#start.supply.failedExitCode() : 0;
  }

  /** Resolves once the packets are read. */
  drained(): Promise<void> {
    return new RingWriter(this.pipe.ring).drained();
  }

  /** Lines of `-dnn_stats`. @param frames that were encoded. */
  stats(frames: number): readonly StageStats[] {
    const { supply, encoder, meter } = this.#start;
    return [...supply.stats(frames), meter.stats(encoderName(encoder.codec), frames)];
  }

  kill(): void {
    this.#start.supply.kill();
    this.#worker.terminate();
  }

  async #begin(): Promise<EncodedStream> {
    const { encoder, colors, supply, assets } = this.#start;
    const info = await supply.info;
    const setup = encoderSetup(encoder, info, colors);
    await requireEncoder(assets, setup, true);
    const { description } = await this.#worker.begin(setup);
    return encodedStream(encoder, info, description);
  }

  /** Resolves when the pipe has all packets, or its reader wants no more. */
  async #encode(frames: AsyncIterable<Frame>): Promise<void> {
    const sink = new RingWriter(this.pipe.ring);
    const { output, buffers, meter, onPacket } = this.#start;
    try {
      const stream = await this.begun;
      const { num, den } = stream.timeBase;
      const times = KeyFrameTimes.of(output);
      const isForcedKey = ({ pts }: Frame): boolean => times.isForced((pts * num) / den);
      const writer = await NutPacketWriter.open(sink, stream);
      const onWork = (work: EncodeResult): void => {
        meter.worked(work, work.buffers.length);
      };
      for await (const packet of this.#worker.packets(frames, { buffers, isForcedKey, onWork })) {
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
      this.#worker.terminate();
      meter.closed();
    }
  }
}
