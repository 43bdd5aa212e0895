/** The last stage of a job without ffmpeg: encodes in a worker, and has another one write the container. */
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import type { ContainerApi, FileWrite, WriteSetup } from '../../containers/container-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import { transferred } from '../../workers/proxied.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import type { CodecMeter } from '../codecs/codec-meter.ts';
import type { EncoderFeeding, EncoderWorker } from '../codecs/encoder-worker.ts';
import type { FrameSink } from '../frames/frame-sink.ts';
import type { FrameStream } from '../frames/frame-stream.ts';

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
  /** With the input open whose audio is copied. The sink ends it. */
  readonly container: Pick<WorkerClient<ContainerApi>, 'call' | 'terminate'>;
  /** With the stream begun. The sink ends it. */
  readonly encoder: Pick<EncoderWorker, 'packets' | 'terminate'>;
  readonly feeding: EncoderFeeding;
  readonly setup: WriteSetup;
  readonly output: OutputBytes;
  readonly meter: CodecMeter;
}

export class ContainerSink implements FrameSink {
  readonly #start: ContainerSinkStart;
  readonly #ended: Deferred<number> = createDeferred();
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
    const { encoder, feeding } = this.#start;
    try {
      for await (const packet of encoder.packets(taken(stream, onFrame), feeding)) await this.#add(packet);
    } catch (error) {
      // What came before becomes a valid file.
      this.#quits = true;
      await this.#complete();
      throw error;
    } finally {
      stream.stop();
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

  stats(frames: number): readonly StageStats[] {
    return [this.#start.meter.stats(this.#start.setup.codec, frames)];
  }

  async #add(packet: EncodedPacket): Promise<void> {
    const { container, setup, output } = this.#start;
    if (this.#packets === 0) {
      await output.create();
      await this.#writeAll(await container.call((api) => api.beginWriting(setup)));
    }
    this.#packets += 1;
    await this.#writeAll(await container.call((api) => api.writeVideo(transferred([packet], [packet.data]))));
  }

  async #writeAll(writes: readonly FileWrite[]): Promise<void> {
    for (const write of writes) await this.#start.output.write(write);
  }

  /** Completes the file with what there is, and ends both workers. Never rejects. */
  async #complete(): Promise<void> {
    const { container, encoder, meter } = this.#start;
    try {
      encoder.terminate();
      meter.closed();
      if (this.#packets > 0) await this.#finishFile();
      this.#ended.resolve(0);
    } catch (error) {
      this.#ended.reject(error);
    } finally {
      container.terminate();
    }
  }

  async #finishFile(): Promise<void> {
    const { container } = this.#start;
    for (let seconds = audioStep; !this.#quits; seconds += audioStep) {
      const { writes, isEnd } = await this.#copySound(seconds);
      await this.#writeAll(writes);
      if (isEnd) break;
    }
    await this.#writeAll(await container.call((api) => api.finishWriting()));
  }

  #copySound(seconds: number): ReturnType<ContainerApi['writeAudio']> {
    return this.#start.container.call((api) => api.writeAudio(seconds));
  }
}

/** The frames, each told once it is given on. */
async function* taken(
  stream: FrameStream,
  onFrame: (frame: Frame) => void,
): AsyncGenerator<Frame, void, undefined> {
  for await (const frame of stream.frames) {
    yield frame;
    onFrame(frame);
  }
}
