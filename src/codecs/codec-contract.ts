/**
 * What a codec worker and whoever drives it agree on. Calls carry frames and packets in their arguments and
 * results, so that the number on their way is bounded by the calls in flight.
 */
import type { PixelFormat } from '../frame/pixel-format.ts';
import type { EncodedPacket } from '../media/nut/encoded-packet.ts';
import type { Rational } from '../media/nut/nut-stream.ts';

/** Codecs that browsers have; FFmpeg's names. */
export type CodecName = 'h264' | 'hevc' | 'vp8' | 'vp9' | 'av1';

/** Colours by FFmpeg's names (libavutil/pixdesc.c); undefined where unknown. */
export interface CodecColors {
  readonly colorRange?: string | undefined;
  readonly colorSpace?: string | undefined;
  readonly colorPrimaries?: string | undefined;
  readonly colorTrc?: string | undefined;
}

/** How a call of a codec went beside its results. */
export interface CodecWork {
  /** First and last moment, in milliseconds since the epoch: `performance.timeOrigin + performance.now()`. */
  readonly start: number;
  readonly end: number;
  /** Bytes of frames that the codec holds, as far as it can be told. */
  readonly heldBytes: number;
}

/** A stream that is to be decoded. */
export interface DecodeSetup {
  /** WebCodecs' codec string, such as `avc1.64001f`. */
  readonly codec: string;
  /** avcC and the like; absent where the packets hold all that is needed. */
  readonly description?: ArrayBuffer;
  readonly timeBase: Rational;
  /**
   * What frames become in the worker, exactly as the scaler makes it that FFmpeg puts in by itself; as
   * decoded where absent. Frames for which `hasAutoRgb24` is false are a failure.
   */
  readonly convertTo?: 'rgb24';
  /** Tags by which frames are converted, by FFmpeg's word and never the browser's; untagged where absent. */
  readonly colors?: CodecColors;
}

/** One picture as the decoder gave it, or converted. */
export interface DecodedFrame {
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
  /** In ticks of the setup's time base. */
  readonly pts: number;
  /** Tightly packed planes: {@link frameLayout}. */
  readonly buffer: ArrayBuffer;
}

/** What came out during a call. */
export interface DecodeResult extends CodecWork {
  /** In order of presentation. */
  readonly frames: readonly DecodedFrame[];
  /** Buffers that no frame will take; none stays behind where there is no frame to come. */
  readonly buffers: readonly ArrayBuffer[];
  /**
   * Set where the decoder gave up behind `frames`: no frame comes any more. FFmpeg may still decode on. What
   * happened, without a subject: the browser's words, or a clause about its decoder.
   */
  readonly failure?: string;
}

/** Decodes one stream after another. Calls are served in order; two may be on their way at a time. */
export interface DecoderApi {
  /**
   * Begins a stream; ends the one before.
   * @throws DnnError `ENOSYS` where the browser does not decode it.
   */
  beginDecoding(setup: DecodeSetup): Promise<void>;
  /**
   * Feeds packets in decode order, waits while the decoder's queue is full, and gives what is ready.
   *
   * @param buffers for frames, of any size; those of exactly a frame's bytes are used, for later frames too,
   *   and new ones where there is none. The worker's until they come back.
   */
  decode(packets: readonly EncodedPacket[], buffers: readonly ArrayBuffer[]): Promise<DecodeResult>;
  /** Gives all frames that are left. To be called until it gives none. */
  finishDecoding(buffers: readonly ArrayBuffer[]): Promise<DecodeResult>;
  /** Closes decoder and frames; calls that wait end with what they have. Nothing where none is open. */
  closeDecoder(): Promise<void>;
}

/** How bits are spent. */
export type RateControl =
  /** Bits per second on average. */
  | { readonly kind: 'bitrate'; readonly bitsPerSecond: number; readonly isConstant?: boolean }
  /** Of vp9 and av1: 0 best, 63 worst, whatever the browser's scale is; fractions count. */
  | { readonly kind: 'quantizer'; readonly quantizer: number };

/** What is to be encoded. */
export interface EncodeSetup {
  readonly codec: CodecName;
  readonly width: number;
  readonly height: number;
  /**
   * Of the frames that come. Where `hasAutoYuv` says so they are converted in the worker, exactly as by the
   * scaler that FFmpeg puts in by itself, by the matrix of `colors`.
   */
  readonly inputFormat: PixelFormat;
  /** Of the frames that are encoded. */
  readonly pixelFormat: PixelFormat;
  readonly colors: CodecColors;
  /** Of the frames' pts and of the packets'. */
  readonly timeBase: Rational;
  /** Frames per second, the mean where it varies. */
  readonly frameRate: Rational;
  readonly rate: RateControl;
  /** Most frames from one key frame to the next (`-g`). */
  readonly keyInterval: number;
  /** FFmpeg's name of the profile (`-profile:v`); the best that the browser has where absent. */
  readonly profile?: string | undefined;
  /** `realtime`: faster, more bits. */
  readonly latencyMode: 'quality' | 'realtime';
}

/** A frame for the encoder. */
export interface EncoderFrame {
  readonly pts: number;
  /** Tightly packed planes in `inputFormat`. */
  readonly buffer: ArrayBuffer;
  /** Whether it has to be a key frame (`-force_key_frames`). */
  readonly forceKey?: boolean;
}

/** What came out during a call. */
export interface EncodeResult extends CodecWork {
  /** In decode order. */
  readonly packets: readonly EncodedPacket[];
  /** The frames' buffers, for the next ones. */
  readonly buffers: readonly ArrayBuffer[];
}

/** What an encoder turned out to be. */
export interface EncoderFacts {
  /** WebCodecs' codec string that it was configured with. */
  readonly codec: string;
  /** avcC and the like, for streams whose packets do not hold all that is needed. */
  readonly description?: ArrayBuffer;
}

/** Encodes one stream after another. Calls are served in order; two may be on their way at a time. */
export interface EncoderApi {
  /**
   * Begins a stream; ends the one before.
   * @throws DnnError `ENOSYS` where the browser does not encode it, with what it would encode.
   */
  beginEncoding(setup: EncodeSetup): Promise<EncoderFacts>;
  /**
   * Takes frames in order of presentation, waits while the encoder's queue is full, and gives what is ready.
   * @throws DnnError `EIO` where the encoder fails, with the pts; `ENOSYS` where it does at its first frame.
   */
  encode(frames: readonly EncoderFrame[]): Promise<EncodeResult>;
  /** Gives all packets that are left. */
  finishEncoding(): Promise<EncodeResult>;
  /** Closes encoder and frames. Does nothing where none is open. */
  closeEncoder(): Promise<void>;
}

/** What a browser really does with a codec, found by a round trip of a few frames. */
export interface CodecCapability {
  /** FFmpeg's name of the codec. */
  readonly codec: CodecName;
  /** Formats that came back as they went in, by FFmpeg's names; none where the codec is not used. */
  readonly pixelFormats: readonly PixelFormat[];
  /** Why it is not used at all, in words without a full stop. */
  readonly reason?: string;
}

/** The same of an encoder. */
export interface EncoderCapability extends CodecCapability {
  /** What `-c:v` calls it: `h264_webcodecs`. */
  readonly name: string;
  /** What has an effect: bits per second (`-b:v`), or a constant quality (`-crf`, `-qp`). */
  readonly rateControl: readonly ('bitrate' | 'quantizer')[];
}

/** Asks the browser's codecs; a call takes up to some seconds, and never fails for want of a codec. */
export interface ProbeApi {
  /** Encodes a few frames in each format and at two rates, and decodes them again. */
  probeEncoder(codec: CodecName): Promise<EncoderCapability>;
  /** Decodes a few frames of known content in each format. */
  probeDecoder(codec: CodecName): Promise<CodecCapability>;
}
