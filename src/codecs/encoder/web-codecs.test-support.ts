/** WebCodecs' encoder as far as encoders here use it, at the test's command. */
import { vi } from 'vitest';

/** What a test says about the encoders that are made from now on. */
export interface FakeEncoders {
  /** All that were made. */
  readonly made: FakeVideoEncoder[];
  /** Frames that are not closed. */
  openFrames: number;
  /** Called for each frame, in place of {@link FakeVideoEncoder.give} at once. */
  onFrame?: ((encoder: FakeVideoEncoder, frame: FakeFrame, index: number) => void) | undefined;
  /** Called for each configuration. */
  onConfigure?: ((encoder: FakeVideoEncoder, config: VideoEncoderConfig) => void) | undefined;
}

/** What an encoder is given. */
export interface FakeFrame {
  readonly timestamp: number;
  readonly data: Uint8Array;
  readonly options: VideoEncoderEncodeOptions;
}

let encoders: FakeEncoders;

export class FakeVideoEncoder extends EventTarget {
  readonly frames: FakeFrame[] = [];
  config: VideoEncoderConfig | undefined;
  state: CodecState = 'unconfigured';
  encodeQueueSize = 0;
  readonly #init: VideoEncoderInit;
  #flush: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #given = 0;

  constructor(init: VideoEncoderInit) {
    super();
    this.#init = init;
    encoders.made.push(this);
  }

  configure(config: VideoEncoderConfig): void {
    this.config = config;
    this.state = 'configured';
    encoders.onConfigure?.(this, config);
  }

  encode(frame: FakeVideoFrame, options: VideoEncoderEncodeOptions): void {
    if (this.state !== 'configured') throw new DOMException('not configured', 'InvalidStateError');
    const { timestamp, data } = frame;
    this.frames.push({ timestamp, data, options });
    this.encodeQueueSize += 1;
    if (encoders.onFrame === undefined) this.give(timestamp);
    else encoders.onFrame(this, this.frames.at(-1)!, this.frames.length - 1);
  }

  /** A packet comes out: of one byte, its frame's number. */
  give(timestamp: number, description?: ArrayBuffer): void {
    const index = this.frames.findIndex((frame) => frame.timestamp === timestamp);
    const isKey = index === 0 || this.frames[index]?.options.keyFrame === true;
    const copyTo = (into: ArrayBuffer): void => {
      new Uint8Array(into).fill(index);
    };
    const chunk = { timestamp, type: isKey ? 'key' : 'delta', byteLength: 1, copyTo };
    this.dequeue();
    this.#given += 1;
    const metadata = description === undefined ? {} : { decoderConfig: { codec: 'x', description } };
    this.#init.output(chunk as unknown as EncodedVideoChunk, metadata);
    this.#settle();
  }

  /** A frame leaves the queue. */
  dequeue(): void {
    this.encodeQueueSize -= 1;
    this.dispatchEvent(new Event('dequeue'));
  }

  fail(message: string): void {
    this.state = 'closed';
    const error = new DOMException(message, 'OperationError');
    this.#flush?.reject(error);
    this.#init.error(error);
  }

  flush(): Promise<void> {
    if (this.state !== 'configured') return Promise.reject(new DOMException('closed', 'InvalidStateError'));
    return new Promise((resolve, reject) => {
      this.#flush = { resolve, reject };
      this.#settle();
    });
  }

  close(): void {
    this.state = 'closed';
    this.#flush?.reject(new DOMException('closed', 'AbortError'));
  }

  #settle(): void {
    if (this.#given === this.frames.length) this.#flush?.resolve();
  }
}

class FakeVideoFrame {
  readonly timestamp: number;
  readonly data: Uint8Array;

  constructor(data: ArrayBuffer, { timestamp }: VideoFrameBufferInit) {
    this.timestamp = timestamp;
    this.data = new Uint8Array(data.slice());
    encoders.openFrames += 1;
  }

  close(): void {
    encoders.openFrames -= 1;
  }
}

/** Puts them in place of the browser's; `vi.unstubAllGlobals` ends it. */
export function fakeEncoders(): FakeEncoders {
  encoders = { made: [], openFrames: 0 };
  vi.stubGlobal('VideoEncoder', FakeVideoEncoder);
  vi.stubGlobal('VideoFrame', FakeVideoFrame);
  return encoders;
}
