/** The video of a container as the first stage of a job: read and decoded in workers, without ffmpeg. */
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import { DnnError } from '../../base/errors.ts';
import type { DecodedFrame, DecodeResult } from '../../codecs/codec-contract.ts';
import type { ContainerApi } from '../../containers/container-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { CodecApi } from '../../workers/codec-api.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import { transferred } from '../../workers/proxied.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { SourceFailure } from '../frames/source-failure.ts';
import type { CodecWorkMeter } from './codec-work.ts';

/** Packets of one call. */
const batchSize = 4;
/** Calls on their way to the decoder. */
const mostCalls = 2;

export interface ContainerSourceStart {
  /** With the input open, at its start. */
  readonly container: WorkerClient<ContainerApi>;
  /** With the stream begun. The source ends it. */
  readonly decoder: WorkerClient<CodecApi>;
  /** What the frames are like. */
  readonly info: NutStream;
  /** FFmpeg's name. */
  readonly codec: string;
  /** The pts from which on no frame is wanted. */
  readonly endPts: number;
  readonly buffers: BufferPool;
  readonly meter: CodecWorkMeter;
}

/** What came of one call. */
interface DecodedBatch {
  readonly frames: readonly DecodedFrame[];
  readonly failure: string | undefined;
  readonly isEnd: boolean;
}

export class ContainerSource implements FrameSource {
  readonly frames: Promise<FrameStream>;
  readonly inputs: readonly [] = [];
  readonly #start: ContainerSourceStart;
  readonly #frameBytes: number;
  readonly #ended: Deferred<number> = createDeferred();
  readonly #stopped: Deferred<undefined> = createDeferred();
  #isStopped = false;
  #quits = false;
  /** Buffers that are the decoder's. */
  #lent = 0;

  constructor(start: ContainerSourceStart) {
    const { info } = start;
    this.#start = start;
    this.#frameBytes = frameLayout(info.format, info.width, info.height).size;
    this.#ended.promise.catch(() => undefined); // whoever started the source looks at it
    this.frames = Promise.resolve({
      info,
      frames: this.#read(),
      stop: () => {
        this.#isStopped = true;
        this.#stopped.resolve(undefined);
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
    const reason = new DOMException('The decoder was ended.', 'AbortError');
    this.#start.decoder.terminate(reason);
    this.#ended.reject(reason);
    this.#isStopped = true;
    this.#stopped.resolve(undefined);
  }

  stats(frames: number): readonly StageStats[] {
    return [this.#start.meter.stats(frames, this.#start.codec)];
  }

  async *#read(): AsyncGenerator<Frame, void, undefined> {
    const calls: Promise<DecodedBatch>[] = [];
    try {
      let isEnd = false;
      for (;;) {
        while (calls.length < mostCalls && !isEnd && !this.#quits)
          calls.push(this.#watched(this.#decodeNext()));
        const isLast = calls.length === 0;
        const batch = await this.#unlessStopped(calls.shift() ?? this.#watched(this.#finishDecoding()));
        if (batch === undefined) return;
        yield* this.#wanted(batch.frames);
        if (batch.failure !== undefined) throw this.#failed(batch.failure);
        isEnd ||= batch.isEnd;
        if (isLast && batch.frames.length === 0) return;
      }
    } catch (error) {
      this.#ended.reject(error);
      throw new SourceFailure(error);
    } finally {
      await this.#close(calls);
    }
  }

  async #decodeNext(): Promise<DecodedBatch> {
    const { container } = this.#start;
    const { packets, isEnd } = await container.call((api) => api.readVideo(batchSize));
    const buffers = this.#lend(packets.length);
    const result = await this.#call((api) =>
      api.decode(
        transferred(
          packets,
          packets.map(({ data }) => data),
        ),
        transferred(buffers, buffers),
      ),
    );
    return { ...result, isEnd };
  }

  async #finishDecoding(): Promise<DecodedBatch> {
    const result = await this.#call((api) => api.finishDecoding([]));
    return { ...result, isEnd: true };
  }

  async #call(
    run: (api: CodecApi) => Promise<DecodeResult>,
  ): Promise<Pick<DecodedBatch, 'frames' | 'failure'>> {
    const { decoder, buffers, meter } = this.#start;
    const result = await decoder.call((api) => run(api as unknown as CodecApi));
    meter.add(result);
    this.#lent -= result.frames.length + result.buffers.length;
    for (const buffer of result.buffers) buffers.give(buffer);
    return { frames: result.frames, failure: result.failure };
  }

  #lend(count: number): ArrayBuffer[] {
    this.#lent += count;
    return Array.from({ length: count }, () => this.#start.buffers.take(this.#frameBytes));
  }

  /** Frames of the range, each once. */
  *#wanted(decoded: readonly DecodedFrame[]): Generator<Frame, void, undefined> {
    const { buffers, endPts } = this.#start;
    const left = [...decoded];
    try {
      for (let frame = left.shift(); frame !== undefined; frame = left.shift()) {
        const { format, width, height, pts, buffer } = frame;
        if (pts < 0 || pts >= endPts) buffers.give(buffer);
        else yield frameFromBuffer(format, width, height, pts, buffer);
      }
    } finally {
      for (const { buffer } of left) buffers.give(buffer);
    }
  }

  #failed(what: string): DnnError {
    const { codec } = this.#start;
    return new DnnError('EIO', `The browser's ${codec} decoder gave up: ${what}.`, { codec });
  }

  /** @returns undefined once the stream is stopped; what comes of the call is given back then. */
  async #unlessStopped(call: Promise<DecodedBatch>): Promise<DecodedBatch | undefined> {
    const batch = await Promise.race([call, this.#stopped.promise]);
    if (!this.#isStopped) return batch;
    void this.#drop([call]);
    return undefined;
  }

  /** Its failure is seen by whoever awaits it, if anybody does. */
  #watched(call: Promise<DecodedBatch>): Promise<DecodedBatch> {
    call.catch(() => undefined);
    return call;
  }

  async #drop(calls: readonly Promise<DecodedBatch>[]): Promise<void> {
    for (const result of await Promise.allSettled(calls)) {
      if (result.status === 'rejected') continue;
      for (const { buffer } of result.value.frames) this.#start.buffers.give(buffer);
    }
  }

  async #close(calls: readonly Promise<DecodedBatch>[]): Promise<void> {
    const { decoder, buffers, meter } = this.#start;
    await Promise.allSettled([decoder.call((api) => api.closeDecoder())]);
    await this.#drop(calls);
    for (; this.#lent > 0; this.#lent -= 1) buffers.lose(this.#frameBytes);
    decoder.terminate();
    meter.finish();
    this.#ended.resolve(0);
  }
}
