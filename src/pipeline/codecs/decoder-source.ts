/**
 * A decoder of the browser as a source of frames: ffmpeg copies packets to a pipe, and a worker decodes them.
 * Whatever it cannot do as ffmpeg does is a {@link DecoderFailure}, before the first frame or behind any.
 */
import { readStreamFacts } from '../../codecs/bitstream/stream-facts.ts';
import type { DecodedFrame } from '../../codecs/codec-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import { NutPacketReader } from '../../media/nut/nut-packet-reader.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { DecoderPlan } from '../planning/codecs/decoder-plan.ts';
import { FrameRange, PacketClock } from '../planning/codecs/packet-clock.ts';
import type { PlannedFrames } from '../planning/planned-frames.ts';
import type { CodecMeter } from './codec-meter.ts';
import type { DecoderClient } from './decoder-client.ts';
import { DecoderFailure, decoderFailure } from './decoder-failure.ts';
import { checkFirst, checkShape, checkStream } from './decoder-gate.ts';
import { DecodeLoop } from './decode-loop.ts';
import type { DemuxStage } from './demux-stage.ts';
import { PacketBatches } from './packet-batches.ts';
import { PacketList } from './packet-list.ts';

export interface DecoderSourceStart {
  readonly plan: DecoderPlan;
  readonly demux: DemuxStage;
  /** The source's, which closes it. */
  readonly client: DecoderClient;
  readonly meter: CodecMeter;
  readonly buffers: BufferPool;
  /** For its line of the statistics: the filters that it stands for. */
  readonly filter: string;
}

/** What a decoder gives: frames of the run, or those that ffmpeg's filters get first. */
export function framesOfDecoder({ between, decoded, given }: DecoderPlan): PlannedFrames {
  return between === 'filters' ? decoded : given;
}

export function startDecoderSource(start: DecoderSourceStart): FrameSource {
  const { demux, client, meter, filter } = start;
  const source = new DecoderSource(start);
  const frames = source.open();
  frames.catch(() => undefined); // whoever started it has the failure
  return {
    frames,
    inputs: [],
    exitCode: demux.exitCode,
    quit: () => {
      source.quit();
    },
    kill: () => {
      demux.stage.kill();
      client.close();
    },
    stats: (count) => [meter.stats(filter, count)],
  };
}

class DecoderSource {
  readonly #start: DecoderSourceStart;
  readonly #range: FrameRange;
  /** Times before zero: no pipe holds them, so all are counted from the first one. */
  readonly #offset: number;
  /** Whether nobody wants frames any more. */
  #isStopped = false;
  #hasQuit = false;
  #packets: PacketBatches | undefined;

  constructor(start: DecoderSourceStart) {
    this.#start = start;
    const { decoded, limit } = start.plan;
    this.#range = new FrameRange(decoded.firstPts, limit, decoded.timeBase);
    this.#offset = Math.min(0, decoded.firstPts);
  }

  /** @throws DecoderFailure where the first packet or the first frame is not as with ffmpeg. */
  async open(): Promise<FrameStream> {
    const { demux, plan } = this.#start;
    try {
      const loop = await this.#startLoop();
      const first = await this.#firstFrame(loop);
      demux.tell();
      return {
        info: streamOf(framesOfDecoder(plan)),
        frames: this.#frames(loop, first),
        stop: () => {
          this.#isStopped = true;
          this.#close();
        },
      };
    } catch (error) {
      this.#close();
      throw decoderFailure(error);
    }
  }

  /** Packets that have come already may be those of many frames: none of these is given. */
  quit(): void {
    this.#hasQuit = true;
    this.#start.demux.stage.requestQuit();
  }

  async #startLoop(): Promise<DecodeLoop> {
    const { demux, client, plan } = this.#start;
    const { decoded, between } = plan;
    const reader = await this.#openPackets();
    const first = await reader.next();
    if (first === null) throw new DecoderFailure('no packet of it comes');
    const facts = readStreamFacts(reader.stream, first);
    checkStream(facts, decoded);
    const clock = new PacketClock(decoded.timeBase, reader.stream.timeBase);
    const { colorRange, colorSpace } = decoded;
    await client.begin({
      codec: facts.codecString,
      ...(facts.description === undefined ? {} : { description: facts.description }),
      timeBase: decoded.timeBase,
      ...(between === 'rgb24' ? { convertTo: 'rgb24', colors: { colorRange, colorSpace } } : {}),
    });
    const { pixelFormat, width, height } = decoded;
    const frameBytes = frameLayout(pixelFormat, width, height).size;
    const list = new PacketList(demux.flags);
    this.#packets = new PacketBatches(reader, first, { clock, list, frameBytes });
    return new DecodeLoop(client, this.#packets, demux.exitCode);
  }

  /** @throws DecoderFailure where ffmpeg cannot copy the packets. */
  async #openPackets(): Promise<NutPacketReader> {
    const { demux } = this.#start;
    try {
      return await NutPacketReader.open(demux.packets);
    } catch (error) {
      const said = demux.lastLine.trim();
      if (said === '') throw error;
      const what = /^Timestamps are unset/.test(said) ? 'have no times' : `cannot be copied (${said})`;
      throw new DecoderFailure(`its packets ${what}`, { cause: error });
    }
  }

  async #firstFrame(loop: DecodeLoop): Promise<DecodedFrame> {
    const { plan } = this.#start;
    const expected = framesOfDecoder(plan);
    for (;;) {
      const frame = await loop.next();
      if (frame === null) throw new DecoderFailure('the browser gives no frame of it');
      try {
        checkShape(frame, expected);
        if (this.#placeOf(frame) !== 'before') {
          checkFirst(frame, plan.decoded.firstPts, expected.checksum);
          return frame;
        }
      } catch (error) {
        this.#drop(frame);
        throw error;
      }
      this.#drop(frame);
    }
  }

  async *#frames(loop: DecodeLoop, first: DecodedFrame): AsyncGenerator<Frame, void, undefined> {
    try {
      for (let frame: DecodedFrame | null = first; frame !== null; frame = await loop.next()) {
        const place = this.#hasQuit ? 'behind' : this.#placeOf(frame);
        if (place === 'within') {
          const { format, width, height, pts, buffer } = frame;
          yield frameFromBuffer(format, width, height, pts - this.#offset, buffer);
        } else {
          this.#drop(frame);
          if (place === 'behind') return;
        }
      }
    } catch (error) {
      // A call that was on its way rejects: nobody waits for its frames.
      if (!this.#isStopped) throw decoderFailure(error);
    } finally {
      await this.#end(loop);
    }
  }

  /** A frame that is there for others alone counts as one before the first. */
  #placeOf({ pts }: DecodedFrame): ReturnType<FrameRange['placeOf']> {
    return this.#packets?.isDiscarded(pts) === true ? 'before' : this.#range.placeOf(pts);
  }

  #drop({ buffer }: DecodedFrame): void {
    this.#start.buffers.give(buffer);
  }

  async #end(loop: DecodeLoop): Promise<void> {
    this.#close();
    for (const frame of await loop.leftovers()) this.#drop(frame);
  }

  #close(): void {
    const { demux, client } = this.#start;
    for (const pipe of [demux.packets, demux.flags]) pipe.closeReader('no more packets are needed');
    client.close();
  }
}

function streamOf({
  pixelFormat,
  width,
  height,
  sampleAspectRatio,
  timeBase,
  frameRate,
}: PlannedFrames): NutStream {
  return {
    ...{ format: pixelFormat, width, height, sampleAspectRatio, timeBase },
    ...(frameRate === undefined ? {} : { frameRate }),
  };
}
