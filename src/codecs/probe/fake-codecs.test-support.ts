/** An encoder and a decoder in place of the browser's that understand each other, with faults at wish. */
import { vi } from 'vitest';

/** What is wrong with them. */
export interface Faults {
  /** Codec strings that the encoder refuses. */
  readonly refuses?: (codec: string) => boolean;
  /** Number of a frame that the encoder gives nothing for. */
  readonly loses?: number;
  readonly ignoresRates?: boolean;
  /** The decoder's format, whatever went in. */
  readonly decodesTo?: string;
  /** Added to each decoded byte. */
  readonly brightens?: number;
  /** Microseconds that decoded frames come late. */
  readonly delays?: number;
}

let faults: Faults = {};
/** Frames that were made and not closed. */
export let openFrames = 0;
/** What chunks hold: a picture's number. */
const pictures: FakeFrame[] = [];

class FakeFrame {
  readonly timestamp: number;
  readonly format: string;
  readonly visibleRect: { readonly x: 0; readonly y: 0; readonly width: number; readonly height: number };
  readonly #bytes: Uint8Array;

  constructor(data: ArrayBuffer, { timestamp, format, codedWidth, codedHeight }: VideoFrameBufferInit) {
    this.timestamp = timestamp;
    this.format = format;
    this.visibleRect = { x: 0, y: 0, width: codedWidth, height: codedHeight };
    this.#bytes = new Uint8Array(data.slice());
    openFrames += 1;
  }

  /** The frame as the decoder gives it. */
  decoded(): FakeFrame {
    const { decodesTo = this.format, brightens = 0, delays = 0 } = faults;
    const { width, height } = this.visibleRect;
    const bytes = new Uint8Array(decodesTo === 'I444' ? 3 * width * height : this.#bytes.length);
    bytes.set(this.#bytes);
    if (brightens !== 0) bytes.forEach((byte, at) => (bytes[at] = byte + brightens));
    return new FakeFrame((decodesTo === 'BGRX' ? fullRangeRgb(bytes, width * height) : bytes).buffer, {
      timestamp: this.timestamp + delays,
      format: decodesTo as VideoPixelFormat,
      codedWidth: width,
      codedHeight: height,
    });
  }

  allocationSize(): number {
    return this.#bytes.length;
  }

  copyTo(into: ArrayBuffer | Uint8Array, options?: VideoFrameCopyToOptions): Promise<readonly PlaneLayout[]> {
    (into instanceof Uint8Array ? into : new Uint8Array(into)).set(this.#bytes);
    return Promise.resolve(options?.layout ?? []);
  }

  close(): void {
    openFrames -= 1;
  }
}

/** Four bytes for each pixel of a grey picture. */
function fullRangeRgb(luma: Uint8Array, pixels: number): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(4 * pixels);
  for (let at = 0; at < rgb.length; at++) rgb[at] = Math.round(((luma[at >> 2]! - 16) * 255) / 219);
  return rgb;
}

class FakeEncoder extends EventTarget {
  state: CodecState = 'unconfigured';
  readonly encodeQueueSize = 0;
  readonly #init: VideoEncoderInit;
  #config: VideoEncoderConfig | undefined;
  #frames = 0;

  constructor(init: VideoEncoderInit) {
    super();
    this.#init = init;
  }

  configure(config: VideoEncoderConfig): void {
    if (faults.refuses?.(config.codec) === true)
      throw new DOMException('Unsupported codec', 'NotSupportedError');
    this.#config = config;
    this.state = 'configured';
  }

  encode(frame: FakeFrame, options: VideoEncoderEncodeOptions): void {
    this.#frames += 1;
    if (this.#frames - 1 === faults.loses) return;
    const bytes = new Uint8Array(this.#size(options));
    bytes[0] = pictures.push(frame) - 1;
    const { timestamp } = frame;
    const type = this.#frames === 1 ? 'key' : 'delta';
    const copyTo = (into: ArrayBuffer): void => {
      new Uint8Array(into).set(bytes);
    };
    this.#init.output(
      { timestamp, type, byteLength: bytes.length, copyTo } as unknown as EncodedVideoChunk,
      {},
    );
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.state = 'closed';
  }

  /** Bytes of a chunk. */
  #size({ vp9, av1 }: VideoEncoderEncodeOptions): number {
    const quantizer = (vp9 ?? av1)?.quantizer ?? 0;
    if (faults.ignoresRates === true) return 100;
    return Math.round((this.#config?.bitrate ?? 1e6) / 1000 / (1 + quantizer / 20));
  }
}

class FakeDecoder extends EventTarget {
  state: CodecState = 'unconfigured';
  readonly #init: VideoDecoderInit;

  constructor(init: VideoDecoderInit) {
    super();
    this.#init = init;
  }

  configure(): void {
    this.state = 'configured';
  }

  decode({ data }: { readonly data: ArrayBuffer }): void {
    this.#init.output(pictures[new Uint8Array(data)[0]!]!.decoded() as unknown as VideoFrame);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.state = 'closed';
  }
}

class FakeChunk {
  readonly data: ArrayBuffer;

  constructor({ data }: { readonly data: ArrayBuffer }) {
    this.data = data;
  }
}

/** Puts them in place of the browser's; `vi.unstubAllGlobals` ends it. */
export function fakeCodecs(wrong: Faults = {}): void {
  faults = wrong;
  openFrames = 0;
  pictures.length = 0;
  vi.stubGlobal('VideoEncoder', FakeEncoder);
  vi.stubGlobal('VideoDecoder', FakeDecoder);
  vi.stubGlobal('VideoFrame', FakeFrame);
  vi.stubGlobal('EncodedVideoChunk', FakeChunk);
}
