/** One stream on its way through a decoder of the browser. */
import { DnnError, errorMessage } from '../base/errors.ts';
import type { EncodedPacket } from '../media/nut/encoded-packet.ts';
import type { DecodedFrame } from './codec-contract.ts';
import type { FrameCopier } from './frame-copier.ts';
import type { PacketTimes } from './packet-times.ts';
import { Progress } from './progress.ts';

/** Packets that wait in the browser's queue; what its decoder has taken is not among them. */
const mostQueued = 4;
/** Frames that wait to be copied: a decoder in hardware has few of them. */
const mostOpen = 4;
/** A decoder that does nothing for so long hangs, in milliseconds as {@link Progress} counts them. */
const quietLimitMs = 30_000;

/** Frames are copied as they come, and closed at once. */
export class DecodingStream {
  readonly #decoder: VideoDecoder;
  readonly #times: PacketTimes;
  readonly #copier: FrameCopier;
  readonly #progress = new Progress();
  #ready: DecodedFrame[] = [];
  /** Frames that are copied now or next. */
  #openFrames = 0;
  #copying: Promise<void> = Promise.resolve();
  /** Whether a frame could not be taken: none behind it is. */
  #isBroken = false;
  #lastPts = -Infinity;
  #failure: string | undefined;
  #isClosed = false;
  /** Whether the decoder holds no frame back. */
  #isFlushed = false;

  /**
   * @param config what the browser has said that it decodes.
   * @param times of the packets.
   * @param copier of the frames.
   */
  constructor(config: VideoDecoderConfig, times: PacketTimes, copier: FrameCopier) {
    this.#times = times;
    this.#copier = copier;
    this.#decoder = new VideoDecoder({
      output: (frame) => {
        this.#take(frame);
      },
      error: (error) => {
        this.#fail(errorMessage(error));
      },
    });
    this.#decoder.addEventListener('dequeue', () => {
      this.#progress.made();
    });
    this.#decoder.configure(config);
  }

  /** Why no frame comes any more behind those that were taken. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Packets whose frames have not been copied. */
  get expectedFrames(): number {
    return this.#isOver || this.#isFlushed ? 0 : this.#times.size;
  }

  /** Bytes of the frames that the decoder has not given, and of those that wait to be copied or taken. */
  get heldBytes(): number {
    const inDecoder = Math.max(0, this.expectedFrames - this.#decoder.decodeQueueSize);
    const ready = this.#ready.reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0);
    return inDecoder * this.#copier.decodedBytes + ready;
  }

  /** Gives the decoder packets, which are its own then; waits while it has enough of them. */
  async decode(packets: readonly EncodedPacket[]): Promise<void> {
    for (const packet of packets) {
      await this.#until(() => this.#decoder.decodeQueueSize < mostQueued && this.#openFrames < mostOpen);
      if (this.#isOver) return;
      this.#send(packet);
    }
  }

  /** Waits for all frames of the packets that were given. */
  async flush(): Promise<void> {
    if (this.#isOver || this.#isFlushed) return;
    this.#decoder.flush().then(
      () => {
        this.#isFlushed = true;
        this.#progress.made();
      },
      (error: unknown) => {
        this.#fail(errorMessage(error));
      },
    );
    await this.#until(() => this.#isFlushed);
  }

  /** The frames that have come, in order of presentation; the caller's. */
  async takeReady(): Promise<readonly DecodedFrame[]> {
    const isDone = (): boolean => this.#isClosed || this.#openFrames === 0;
    if (!(await this.#progress.until(isDone, quietLimitMs))) this.#fail('a frame cannot be copied');
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  /** Closes the decoder; who waits for it waits no more. Frames that were not taken are lost. */
  close(): void {
    this.#isClosed = true;
    this.#ready = [];
    this.#closeDecoder();
  }

  /** Whether nothing is to be given to the decoder any more. */
  get #isOver(): boolean {
    return this.#isClosed || this.#failure !== undefined;
  }

  async #until(isReached: () => boolean): Promise<void> {
    const isThere = await this.#progress.until(() => this.#isOver || isReached(), quietLimitMs);
    if (!isThere) this.#fail(`it has done nothing for ${quietLimitMs / 1000} s`);
  }

  #send({ pts, isKey, data }: EncodedPacket): void {
    this.#isFlushed = false;
    const chunk = {
      type: isKey ? 'key' : 'delta',
      timestamp: this.#times.add(pts),
      data,
      // Where it is known, the bytes are not copied.
      transfer: [data],
    } as const;
    try {
      this.#decoder.decode(new EncodedVideoChunk(chunk));
    } catch (error) {
      this.#fail(errorMessage(error));
    }
  }

  /** The first failure is told: what comes behind it is its result. */
  #fail(what: string): void {
    if (this.#isOver) return;
    this.#failure = what;
    this.#closeDecoder();
  }

  #closeDecoder(): void {
    // One that has failed has closed by itself.
    if (this.#decoder.state !== 'closed') this.#decoder.close();
    this.#progress.made();
  }

  #take(frame: VideoFrame): void {
    this.#openFrames += 1;
    this.#copying = this.#copying.then(async () => {
      try {
        if (!this.#isBroken && !this.#isClosed) await this.#copy(frame);
      } catch (error) {
        this.#isBroken = true;
        this.#fail(errorMessage(error));
      } finally {
        frame.close();
        this.#openFrames -= 1;
        this.#progress.made();
      }
    });
  }

  async #copy(frame: VideoFrame): Promise<void> {
    const pts = this.#ptsOf(frame.timestamp);
    const copied = await this.#copier.copy(frame);
    if (!this.#isClosed) this.#ready.push({ ...copied, pts });
  }

  #ptsOf(timestamp: number): number {
    const pts = this.#times.take(timestamp);
    if (pts === undefined)
      throw new DnnError('EIO', `it gives a frame at ${timestamp} µs, where no packet was`);
    if (pts < this.#lastPts) {
      throw new DnnError('EIO', `it gives the frame of pts ${pts} behind that of pts ${this.#lastPts}`);
    }
    this.#lastPts = pts;
    return pts;
  }
}
