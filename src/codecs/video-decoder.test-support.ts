/** A decoder and its frames in place of the browser's: a packet's first byte says what comes of it. */
import type { EncodedPacket } from '../media/nut/encoded-packet.ts';

/** What a packet makes the decoder do. */
export const acts = {
  /** Gives its frame. */
  frame: 0,
  /** Keeps its frame until the next one that is shown, or the flush. */
  reorder: 1,
  /** Fails, without a frame. */
  fail: 2,
  /** Takes it and does nothing any more. */
  hang: 3,
  /** Gives a frame of another size. */
  resize: 4,
  /** Gives no frame, as for one that is not shown. */
  hidden: 5,
} as const;

export const size = { width: 4, height: 2 };

export function packet(pts: number, act: keyof typeof acts = 'frame', isKey = pts === 0): EncodedPacket {
  return { pts, isKey, data: Uint8Array.of(acts[act], pts).buffer };
}

/** Frames that were made and not closed. */
export const openFrames = new Set<FakeFrame>();

/** What frames of the next decoders are like. */
export const frames = { format: 'I420' as string | null, x: 0, stride: 0, copyHangs: false };

class FakeFrame {
  readonly format = frames.format;
  readonly timestamp: number;
  readonly visibleRect: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly #luma: number;

  constructor(timestamp: number, luma: number, width: number) {
    this.timestamp = timestamp;
    this.visibleRect = { x: frames.x, y: 0, width, height: size.height };
    this.#luma = luma;
    openFrames.add(this);
  }

  allocationSize(): number {
    return (this.visibleRect.width * this.visibleRect.height * 3) / 2;
  }

  async copyTo(
    into: ArrayBuffer,
    { layout }: { layout: readonly { offset: number; stride: number }[] },
  ): Promise<readonly { offset: number; stride: number }[]> {
    if (frames.copyHangs) await new Promise(() => undefined);
    await Promise.resolve();
    if (!openFrames.has(this)) throw new Error('the frame is closed');
    new Uint8Array(into).fill(this.#luma);
    return layout.map(({ offset, stride }) => ({ offset, stride: stride + frames.stride }));
  }

  close(): void {
    openFrames.delete(this);
  }
}

/** Decodes one packet in each task. */
export class FakeDecoder extends EventTarget {
  static readonly isConfigSupported = (config: { codec: string }): Promise<{ supported: boolean }> =>
    config.codec === 'broken'
      ? Promise.reject(new TypeError('Unknown codec'))
      : Promise.resolve({ supported: config.codec === 'known' });
  state = 'unconfigured';
  decodeQueueSize = 0;
  readonly #output: (frame: FakeFrame) => void;
  readonly #error: (error: unknown) => void;
  readonly #kept: FakeFrame[] = [];
  #isHung = false;
  #work: Promise<void> = Promise.resolve();

  constructor({ output, error }: { output: (frame: FakeFrame) => void; error: (error: unknown) => void }) {
    super();
    this.#output = output;
    this.#error = error;
  }

  configure(): void {
    this.state = 'configured';
  }

  decode(chunk: FakeChunk): void {
    if (this.state !== 'configured') throw new DOMException('The decoder is closed.', 'InvalidStateError');
    this.decodeQueueSize += 1;
    mostQueued = Math.max(mostQueued, this.decodeQueueSize);
    this.#work = this.#work.then(async () => {
      await new Promise((resolve) => setTimeout(resolve));
      this.#decode(chunk);
    });
  }

  async flush(): Promise<void> {
    await this.#work;
    if (this.#isHung) await new Promise(() => undefined);
    if (this.state === 'closed') throw new DOMException('Aborted due to close.', 'AbortError');
    this.#show();
  }

  close(): void {
    this.state = 'closed';
    for (const frame of this.#kept.splice(0)) frame.close();
  }

  #decode({ timestamp, data }: FakeChunk): void {
    const [act, luma] = new Uint8Array(data);
    if (act === acts.hang) this.#isHung = true;
    if (this.#isHung || this.state === 'closed') return;
    this.decodeQueueSize -= 1;
    this.dispatchEvent(new Event('dequeue'));
    if (act === acts.fail) {
      this.close();
      this.#error(new DOMException('Decoding error.', 'EncodingError'));
    } else if (act !== acts.hidden) {
      const width = act === acts.resize ? size.width * 2 : size.width;
      this.#kept.push(new FakeFrame(timestamp, luma!, width));
      if (act !== acts.reorder) this.#show();
    }
  }

  #show(): void {
    for (const frame of this.#kept.splice(0).toSorted((a, b) => a.timestamp - b.timestamp))
      this.#output(frame);
  }
}

export class FakeChunk {
  readonly timestamp: number;
  readonly data: ArrayBuffer;

  constructor({ timestamp, data }: { timestamp: number; data: ArrayBuffer }) {
    this.timestamp = timestamp;
    this.data = data;
  }
}

/** Most packets that were in a decoder's queue at once. */
export let mostQueued = 0;

/** Before each test. */
export function resetFakes(): void {
  mostQueued = 0;
  Object.assign(frames, { format: 'I420', x: 0, stride: 0, copyHangs: false });
  openFrames.clear();
}
