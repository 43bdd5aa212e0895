/** One VideoEncoder at work: what it has given, what it still has, and how it failed. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { EncoderConfig, EncodeOptions } from './encoder-config.ts';
import { Progress } from '../progress.ts';

/** Frames that wait inside an encoder, at most: one is encoded while the next ones are made. */
const mostQueued = 3;
/** An encoder that does nothing for so long is given up. */
const limitMs = 20_000;

/** What came out of an encoder for a frame. */
export interface GivenChunk {
  /** The frame's, in microseconds. */
  readonly timestamp: number;
  readonly isKey: boolean;
  readonly data: ArrayBuffer;
}

/** An encoder of one configuration. To be closed in any case. */
export class EncoderRun {
  readonly #encoder: VideoEncoder;
  readonly #progress = new Progress();
  #chunks: GivenChunk[] = [];
  #description: ArrayBuffer | undefined;
  #inFlight = 0;
  #failure: Error | undefined;
  readonly #onGiven: (() => void) | undefined;

  /**
   * @param onGiven is told of each chunk.
   * @throws DnnError `ENOSYS` where the browser refuses the configuration at once.
   */
  constructor(config: EncoderConfig, onGiven?: () => void) {
    this.#onGiven = onGiven;
    try {
      this.#encoder = new VideoEncoder({
        output: (chunk, metadata) => {
          this.#take(chunk, metadata);
        },
        error: (error) => {
          this.#failure ??= error;
          this.#progress.made();
        },
      });
      this.#encoder.addEventListener('dequeue', () => {
        this.#progress.made();
      });
      this.#encoder.configure(config);
    } catch (cause) {
      throw new DnnError('ENOSYS', errorMessage(cause), { codec: config.codec }, { cause });
    }
  }

  /** Frames whose chunks have not come. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** avcC and the like; undefined where the encoder told none with its first chunk. */
  get description(): ArrayBuffer | undefined {
    return this.#description;
  }

  /**
   * Encodes a frame, which is closed in any case, as soon as the queue has room.
   * @throws what the encoder failed with, or DnnError `EIO` where it hangs.
   */
  async encode(frame: VideoFrame, options: EncodeOptions): Promise<void> {
    try {
      await this.#until(() => this.#encoder.encodeQueueSize < mostQueued);
      this.#encoder.encode(frame, options);
      this.#inFlight += 1;
    } finally {
      frame.close();
    }
  }

  /**
   * Waits until every frame has its chunk.
   * @throws as `encode`.
   */
  async flush(): Promise<void> {
    let isFlushed = false;
    this.#encoder
      .flush()
      .then(
        () => (isFlushed = true),
        (error: unknown) => (this.#failure ??= error instanceof Error ? error : new Error(String(error))),
      )
      .finally(() => {
        this.#progress.made();
      });
    await this.#until(() => isFlushed);
  }

  /** The chunks that came since the last call, the caller's now. */
  take(): readonly GivenChunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** Whoever waits for it gets an error. A second call does nothing. */
  close(): void {
    this.#failure ??= new DnnError('EINVAL', 'The encoder was closed.');
    if (this.#encoder.state !== 'closed') this.#encoder.close();
    this.#chunks = [];
    this.#inFlight = 0;
    this.#progress.made();
  }

  #take(chunk: EncodedVideoChunk, metadata: EncodedVideoChunkMetadata | undefined): void {
    const data = new ArrayBuffer(chunk.byteLength);
    chunk.copyTo(data);
    this.#chunks.push({ timestamp: chunk.timestamp, isKey: chunk.type === 'key', data });
    this.#description ??= bytesOf(metadata?.decoderConfig?.description);
    this.#inFlight -= 1;
    this.#onGiven?.();
    this.#progress.made();
  }

  async #until(isReached: () => boolean): Promise<void> {
    const isDone = (): boolean => this.#failure !== undefined || isReached();
    if (!(await this.#progress.until(isDone, limitMs)))
      this.#failure ??= new DnnError('EIO', `it did nothing for ${limitMs / 1000} s.`);
    if (this.#failure !== undefined) throw this.#failure;
  }
}

function bytesOf(source: AllowSharedBufferSource | undefined): ArrayBuffer | undefined {
  if (source === undefined) return undefined;
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return Uint8Array.from(bytes).buffer;
}
