/** The last stage of a job without ffmpeg: encodes in a worker, and has another one write the container. */
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import type { EncodeResult } from '../../codecs/codec-contract.ts';
import type { ContainerApi, FileWrite, WriteSetup } from '../../containers/container-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { CodecApi } from '../../workers/codec-api.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import { transferred } from '../../workers/proxied.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameSink } from '../frames/frame-sink.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { CodecWorkMeter } from './codec-work.ts';

/** Calls on their way to the encoder. */
const mostCalls = 2;
/** Seconds of sound that are copied at a time behind the video's end. */
const audioStep = 10;

/** Takes the bytes of the output, in their order. */
export interface OutputBytes {
  /** Makes the file. */
  create(): Promise<void>;
  /** @throws DnnError where its target fails. */
  write(write: FileWrite): Promise<void>;
}

export interface ContainerSinkStart {
  /** With the input open whose audio is copied. */
  readonly container: WorkerClient<ContainerApi>;
  /** With the stream begun. The sink ends it. */
  readonly encoder: WorkerClient<CodecApi>;
  readonly setup: WriteSetup;
  readonly output: OutputBytes;
  readonly buffers: BufferPool;
  readonly meter: CodecWorkMeter;
}

export class ContainerSink implements FrameSink {
  readonly #start: ContainerSinkStart;
  readonly #ended: Deferred<number> = createDeferred();
  #writing: Promise<void> = Promise.resolve();
  #packets = 0;
  /** Whether sound behind the last frame is left out. */
  #quits = false;

  constructor(start: ContainerSinkStart) {
    this.#start = start;
    this.#ended.promise.catch(() => undefined); // whoever started the sink looks at it
  }

  get exitCode(): Promise<number> {
    return this.#ended.promise;
  }

  get framesEncoded(): number {
    return this.#packets;
  }

  async accept(_input: number, stream: FrameStream, onFrame: (frame: Frame) => void): Promise<void> {
    try {
      await this.#encodeAll(stream, onFrame);
    } catch (error) {
      // What came before becomes a valid file.
      this.#quits = true;
      await this.#complete();
      throw error;
    }
    void this.#complete();
  }

  quit(): Promise<void> {
    this.#quits = true;
    return Promise.resolve();
  }

  kill(): void {
    const reason = new DOMException('The encoder was ended.', 'AbortError');
    this.#start.encoder.terminate(reason);
    this.#start.container.terminate(reason);
    this.#ended.reject(reason);
  }

  stats(frames: number): StageStats {
    return this.#start.meter.stats(frames, this.#start.setup.codec);
  }

  async #encodeAll(stream: FrameStream, onFrame: (frame: Frame) => void): Promise<void> {
    const calls: Promise<void>[] = [];
    try {
      for await (const frame of stream.frames) {
        const call = this.#encode(frame);
        call.catch(() => undefined); // awaited below
        calls.push(call);
        onFrame(frame);
        if (calls.length >= mostCalls) await calls.shift();
      }
    } finally {
      stream.stop();
      await Promise.all(calls);
    }
  }

  async #encode({ pts, buffer }: Frame): Promise<void> {
    const { encoder, buffers } = this.#start;
    const bytes = buffer.byteLength;
    let result: EncodeResult;
    try {
      result = await encoder.call((api) => api.encode(transferred([{ pts, buffer }], [buffer])));
    } catch (error) {
      buffers.lose(bytes);
      throw error;
    }
    for (const spent of result.buffers) buffers.give(spent);
    await this.#take(result);
  }

  async #take(result: EncodeResult): Promise<void> {
    this.#start.meter.add(result);
    const { packets } = result;
    if (packets.length === 0) return;
    this.#writing = this.#writing.then(() => this.#writePackets(packets));
    await this.#writing;
  }

  async #writePackets(packets: readonly EncodedPacket[]): Promise<void> {
    const { container, setup, output } = this.#start;
    if (this.#packets === 0) {
      await output.create();
      await this.#writeAll(await container.call((api) => api.beginWriting(setup)));
    }
    this.#packets += packets.length;
    const data = packets.map((packet) => packet.data);
    await this.#writeAll(await container.call((api) => api.writeVideo(transferred(packets, data))));
  }

  async #writeAll(writes: readonly FileWrite[]): Promise<void> {
    for (const write of writes) await this.#start.output.write(write);
  }

  /** Completes the file with what there is, and ends both workers. Never rejects. */
  async #complete(): Promise<void> {
    const { container, encoder, meter } = this.#start;
    try {
      await this.#take(await encoder.call((api) => api.finishEncoding()));
      await this.#writing;
      if (this.#packets > 0) await this.#finishFile();
      this.#ended.resolve(0);
    } catch (error) {
      this.#ended.reject(error);
    } finally {
      encoder.terminate();
      container.terminate();
      meter.finish();
    }
  }

  async #finishFile(): Promise<void> {
    const { container } = this.#start;
    for (let seconds = audioStep; !this.#quits; seconds += audioStep) {
      const until = seconds;
      const { writes, isEnd } = await container.call((api) => api.writeAudio(until));
      await this.#writeAll(writes);
      if (isEnd) break;
    }
    await this.#writeAll(await container.call((api) => api.finishWriting()));
  }
}
