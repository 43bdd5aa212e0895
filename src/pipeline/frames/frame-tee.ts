/**
 * One stream of frames for several readers. Each gets every frame; the slowest sets the pace.
 *
 * But a reader may have to wait for another one's frames before it goes on: an ffmpeg that stacks two
 * branches reads nothing of the one while it waits for the other, and a filter such as `thumbnail` or `trim`
 * in the other holds frames back. FFmpeg itself queues the frames meanwhile, however many. So here: where one
 * reader starves while another one's queue is full, queues may grow to twice the length.
 */
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { FrameStream } from './frame-stream.ts';

export interface FrameTeeOptions {
  readonly readers: number;
  /** Frames that wait for a reader before the others have to wait for it, too. */
  readonly frameLimit: number;
  /** Copies of frames are taken from here; whoever reads a frame gives its buffer back. */
  readonly buffers: BufferPool;
  /** Milliseconds; longer than a partial batch waits, which would end by itself. */
  readonly starvedAfterMs?: number;
  /** Bytes that may wait for one reader. One that leaves more is given up: its next frame is an error. */
  readonly byteLimit?: number;
}

interface Reader {
  readonly queue: Frame[];
  /** Ends the wait for the next frame. */
  wake: () => void;
  isOpen: boolean;
  lost: DnnError | undefined;
}

/** The streams of the readers. The tee stops its source once every reader has stopped. */
export function teeFrames(source: FrameStream, options: FrameTeeOptions): FrameStream[] {
  const tee = new FrameTee(source, options);
  return Array.from({ length: options.readers }, () => tee.addReader());
}

class FrameTee {
  readonly #source: FrameStream;
  readonly #iterator: AsyncIterator<Frame, unknown>;
  readonly #buffers: BufferPool;
  readonly #starvedAfterMs: number;
  readonly #byteLimit: number;
  readonly #readers: Reader[] = [];
  #frameLimit: number;
  #pulling: Promise<void> | undefined;
  #room: Deferred<undefined> = createDeferred();
  #hasEnded = false;
  #failure: { readonly reason: unknown } | undefined;

  constructor(source: FrameStream, options: FrameTeeOptions) {
    this.#source = source;
    this.#iterator = source.frames[Symbol.asyncIterator]();
    this.#buffers = options.buffers;
    this.#frameLimit = Math.max(1, options.frameLimit);
    this.#starvedAfterMs = options.starvedAfterMs ?? 400;
    this.#byteLimit = options.byteLimit ?? 2 ** 30;
  }

  addReader(): FrameStream {
    const reader: Reader = { queue: [], wake: () => undefined, isOpen: true, lost: undefined };
    this.#readers.push(reader);
    return {
      info: this.#source.info,
      frames: this.#read(reader),
      stop: () => {
        this.#close(reader);
      },
    };
  }

  async *#read(reader: Reader): AsyncGenerator<Frame, void, undefined> {
    try {
      while (reader.isOpen) {
        if (reader.lost !== undefined) throw reader.lost;
        const frame = reader.queue.shift();
        if (frame !== undefined) {
          this.#tellRoom();
          yield frame;
        } else if (this.#failure !== undefined) {
          throw this.#failure.reason;
        } else if (this.#hasEnded) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            reader.wake = resolve;
            void this.#more().then(resolve);
          });
        }
      }
    } finally {
      this.#close(reader);
    }
  }

  /** Pulls the next frame, once there is room for it. */
  async #more(): Promise<void> {
    if (this.#pulling === undefined && !this.#hasRoom() && !(await this.#roomInTime())) {
      if (!this.#hasRoom()) this.#frameLimit *= 2;
    }
    if (!this.#hasRoom()) return;
    this.#pulling ??= this.#pull().finally(() => {
      this.#pulling = undefined;
    });
    await this.#pulling;
  }

  async #pull(): Promise<void> {
    try {
      const next = await this.#iterator.next();
      if (next.done === true) this.#hasEnded = true;
      else this.#distribute(next.value);
    } catch (reason) {
      this.#failure = { reason };
    }
  }

  #distribute(frame: Frame): void {
    const takers = this.#readers.filter((reader) => reader.isOpen && reader.lost === undefined);
    if (takers.length === 0) this.#buffers.give(frame.buffer);
    takers.forEach((reader, index) => {
      reader.queue.push(index === takers.length - 1 ? frame : this.#copy(frame));
      if (reader.queue.length * frame.buffer.byteLength > this.#byteLimit) this.#giveUp(reader);
    });
  }

  #copy(frame: Frame): Frame {
    const buffer = this.#buffers.take(frame.buffer.byteLength);
    new Uint8Array(buffer).set(new Uint8Array(frame.buffer));
    const data = frame.data.map((plane) => new Uint8Array(buffer, plane.byteOffset, plane.byteLength));
    return { ...frame, data, buffer };
  }

  #hasRoom(): boolean {
    return this.#readers.every(({ queue }) => queue.length < this.#frameLimit);
  }

  /** Waits for room. @returns false where none came, and the caller's reader starves. */
  async #roomInTime(): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, this.#starvedAfterMs);
    });
    const room = await Promise.race([this.#room.promise.then(() => true as const), late]);
    clearTimeout(timer);
    return room;
  }

  #tellRoom(): void {
    this.#room.resolve(undefined);
    this.#room = createDeferred();
  }

  /** Perhaps nobody will read on: then it is no loss. */
  #giveUp(reader: Reader): void {
    reader.lost = new DnnError(
      'ENOMEM',
      `${reader.queue.length} frames wait for one branch while another one holds its own back: ` +
        'shorten what holds them back (trim, thumbnail, reverse, …), or run the branches one after another.',
    );
    this.#dropQueue(reader);
  }

  #close(reader: Reader): void {
    if (!reader.isOpen) return;
    reader.isOpen = false;
    this.#dropQueue(reader);
    reader.wake();
    if (this.#readers.some(({ isOpen }) => isOpen)) return;
    this.#source.stop();
    void this.#end();
  }

  async #end(): Promise<void> {
    await this.#pulling;
    // Where the source has failed, its readers know.
    await this.#iterator.return?.().catch(() => undefined);
  }

  #dropQueue(reader: Reader): void {
    for (const { buffer } of reader.queue.splice(0)) this.#buffers.give(buffer);
    this.#tellRoom();
  }
}
