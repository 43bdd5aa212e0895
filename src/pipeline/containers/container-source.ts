/** The video of a container as the first stage of a job: read and decoded in workers, without ffmpeg. */
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { ContainerApi } from '../../containers/container-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer } from '../../frame/plane-layout.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import type { CodecMeter } from '../codecs/codec-meter.ts';
import { DecodeLoop } from '../codecs/decode-loop.ts';
import type { DecoderClient } from '../codecs/decoder-client.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { SourceFailure } from '../frames/source-failure.ts';

/** Packets of one call. */
const batchSize = 4;

export interface ContainerSourceStart {
  /** With the input open, at its start. */
  readonly container: Pick<WorkerClient<ContainerApi>, 'call'>;
  /** With the stream begun. The source closes it. */
  readonly decoder: DecoderClient;
  /** What the frames are like. */
  readonly info: NutStream;
  /** FFmpeg's name. */
  readonly codec: string;
  /** The pts from which on no frame is wanted. */
  readonly endPts: number;
  readonly buffers: BufferPool;
  readonly meter: CodecMeter;
}

export class ContainerSource implements FrameSource {
  readonly frames: Promise<FrameStream>;
  readonly inputs: readonly [] = [];
  readonly #start: ContainerSourceStart;
  readonly #loop: DecodeLoop;
  readonly #ended: Deferred<number> = createDeferred();
  #isStopped = false;
  #quits = false;

  constructor(start: ContainerSourceStart) {
    this.#start = start;
    this.#ended.promise.catch(() => undefined); // whoever started the source looks at it
    this.#loop = new DecodeLoop(start.decoder, { next: () => this.#nextPackets() }, Promise.resolve(0));
    this.frames = Promise.resolve({
      info: start.info,
      frames: this.#read(),
      stop: () => {
        this.#isStopped = true;
        start.decoder.close();
      },
    });
  }

  get exitCode(): Promise<number> {
    return this.#ended.promise;
  }

  quit(): void {
    this.#quits = true;
  }

  kill(): void {
    this.#isStopped = true;
    this.#start.decoder.close();
    this.#ended.reject(new DOMException('The decoder was ended.', 'AbortError'));
  }

  stats(frames: number): readonly StageStats[] {
    return [this.#start.meter.stats(this.#start.codec, frames)];
  }

  async #nextPackets(): Promise<EncodedPacket[]> {
    if (this.#quits) return [];
    return [...(await this.#start.container.call((api) => api.readVideo(batchSize)))];
  }

  async *#read(): AsyncGenerator<Frame, void, undefined> {
    const { buffers, endPts, codec } = this.#start;
    try {
      for (let frame = await this.#loop.next(); frame !== null; frame = await this.#loop.next()) {
        const { format, width, height, pts, buffer } = frame;
        if (pts < 0 || pts >= endPts) buffers.give(buffer);
        else yield frameFromBuffer(format, width, height, pts, buffer);
      }
    } catch (cause) {
      if (this.#isStopped) return;
      const message = `The ${codec} video cannot be decoded to its end: ${errorMessage(cause)}.`;
      const error = new DnnError('EIO', message, { codec }, { cause });
      this.#ended.reject(error);
      throw new SourceFailure(error);
    } finally {
      await this.#close();
    }
  }

  async #close(): Promise<void> {
    const { decoder, buffers } = this.#start;
    decoder.close();
    for (const { buffer } of await this.#loop.leftovers()) buffers.give(buffer);
    this.#ended.resolve(0);
  }
}
