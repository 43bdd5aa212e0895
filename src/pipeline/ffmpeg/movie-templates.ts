/**
 * Indices of short mp4 and mov files with the same tracks as those of a job: its encode stage run once more,
 * over a few empty frames. So the descriptions of the tracks are ffmpeg's own.
 */
import { DnnError } from '../../base/errors.ts';
import { allocateFrame, frameLayout } from '../../frame/plane-layout.ts';
import type { Frame } from '../../frame/frame.ts';
import type { CorePipe } from '../../media/core-options.ts';
import { createFrameRing, type FrameRingBuffer } from '../../media/frame-ring.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import { NutPacketWriter } from '../../media/nut/nut-packet-writer.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { pumpFrames, ringCapacity } from '../frames/frame-pump.ts';
import type { CorePool } from './core-pool.ts';
import type { FfmpegStage } from './ffmpeg-stage.ts';
import { movieAt, shortRun, type Movies } from './short-run.ts';
import type { StageFiles } from './stage-files.ts';

/** Of a pipe with packets. */
export const packetRingBytes = 4 * 2 ** 20;

/** As many as an encoder delays: the first time stamps follow from them. */
const frameCount = 4;

/** One input of the encode stage: raw frames. */
interface RawInput {
  /** Of its pipe. */
  readonly name: string;
  readonly info: NutStream;
}

/** One input of the encode stage: encoded video. */
interface EncodedInput {
  /** Of its pipe. */
  readonly name: string;
  readonly encoded: EncodedStream;
}

export type TemplateInput = RawInput | EncodedInput;

export class MovieTemplates {
  readonly #cores: CorePool;
  readonly #files: StageFiles;
  #args: readonly string[] = [];
  #inputs: readonly TemplateInput[] = [];
  /** Of each input: pts of the first frames that it got. */
  #times: readonly number[][] = [];
  /** Likewise, copies of the first packets. */
  #packets: readonly EncodedPacket[][] = [];
  #movies: Promise<Movies> | undefined;

  /** @param files that the encode stage sees. */
  constructor(cores: CorePool, files: StageFiles) {
    this.#cores = cores;
    this.#files = files;
  }

  /** Called once the encode stage starts. @param inputs with the names of their pipes. */
  started(args: readonly string[], inputs: readonly TemplateInput[]): void {
    this.#args = args;
    this.#inputs = inputs;
    this.#times = inputs.map(() => []);
    this.#packets = inputs.map(() => []);
  }

  /** Called for each frame that the encode stage takes. @param input its index. */
  sawFrame(input: number, { pts }: Frame): void {
    const times = this.#times[input];
    if (times !== undefined && times.length < frameCount) times.push(pts);
  }

  /** Likewise for each packet. */
  sawPacket(input: number, packet: EncodedPacket): void {
    const packets = this.#packets[input];
    if (packets !== undefined && packets.length < frameCount)
      packets.push({ ...packet, data: packet.data.slice(0) });
  }

  /**
   * The `moov` box for the output at a path.
   *
   * @throws DnnError EIO with the reason where there is none.
   */
  async of(path: string): Promise<Uint8Array> {
    this.#movies ??= this.#run();
    return movieAt(await this.#movies, path);
  }

  async #run(): Promise<Movies> {
    if ([...this.#times, ...this.#packets].every(({ length }) => length === 0))
      throw new DnnError('EIO', 'No frame came to the encoder.');
    const pipes = this.#inputs.map((input): CorePipe => {
      const { name } = input;
      const capacity = 'info' in input ? ringCapacity(frameBytes(input.info)) : packetRingBytes;
      return { name, direction: 'read', ring: createFrameRing(capacity) };
    });
    return shortRun(this.#args, {
      ...{ cores: this.#cores, files: this.#files, pipes },
      name: 'The short run of the encode stage',
      feed: (stage) => this.#feed(pipes, stage),
    });
  }

  /** Gives each pipe its frames, then lets ffmpeg finish: other inputs of it are long. */
  async #feed(pipes: readonly CorePipe[], stage: FfmpegStage): Promise<void> {
    const buffers = new BufferPool(0);
    const fed = this.#inputs.map(async (input, index) => {
      const { ring } = pipes[index]!;
      if ('info' in input) {
        const frames = emptyFrames(input.info, this.#times[index]!);
        await pumpFrames({ info: input.info, frames, stop: () => undefined }, ring, buffers, () => undefined);
      } else {
        await writePackets(input.encoded, this.#packets[index]!, ring);
      }
      await new RingWriter(ring).drained();
    });
    await Promise.allSettled(fed);
    stage.requestQuit();
  }
}

function frameBytes({ format, width, height }: NutStream): number {
  return frameLayout(format, width, height).size;
}

async function writePackets(
  encoded: EncodedStream,
  packets: readonly EncodedPacket[],
  ring: FrameRingBuffer,
): Promise<void> {
  const sink = new RingWriter(ring);
  const writer = await NutPacketWriter.open(sink, encoded);
  for (const packet of packets) await writer.writePacket(packet);
  await writer.finish();
  sink.end();
}

async function* emptyFrames(
  { format, width, height }: NutStream,
  times: readonly number[],
): AsyncGenerator<Frame, void, undefined> {
  for (const pts of times) yield await Promise.resolve(allocateFrame(format, width, height, pts));
}
