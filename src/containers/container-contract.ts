/**
 * What a container worker and whoever drives it agree on: files read and written without ffmpeg. Audio goes
 * from the input to the output inside the worker; video packets come out, and others go in.
 */
import type { EncodedPacket } from '../media/nut/encoded-packet.ts';
import type { Rational } from '../media/nut/nut-stream.ts';
import type { ContainerName } from './container-names.ts';

/** Codecs of video that are taken out and put in; FFmpeg's names. */
export type ContainedVideoCodec = 'h264' | 'hevc' | 'vp8' | 'vp9' | 'av1';

/** The part of an input that is read, in seconds from its start. */
export interface TimeRange {
  readonly start: number;
  /** Not among it; Infinity for the end of the file. */
  readonly end: number;
}

/** The video stream that is read. */
export interface VideoFacts {
  readonly codec: ContainedVideoCodec;
  /** WebCodecs' codec string, such as `avc1.64001f`. */
  readonly codecString: string;
  /** avcC and the like; absent where the packets hold all that is needed. */
  readonly description?: ArrayBuffer;
  /** As the container says, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Seconds of one tick of the packets' pts. */
  readonly timeBase: Rational;
  /** Mean frames per second. */
  readonly frameRate: number;
  readonly sampleAspectRatio: Rational;
  /** Degrees clockwise by which a player turns it. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Length of the range, where the file tells it. */
  readonly seconds: number | undefined;
}

/** An audio stream. */
export interface AudioFacts {
  /** FFmpeg's name where it is known, else the container's own. */
  readonly codec: string;
  readonly channels: number;
  /** Containers that take it as it is. */
  readonly containers: readonly ContainerName[];
}

/** An open input. */
export interface InputFacts {
  /** The first video stream; absent where there is none. */
  readonly video?: VideoFacts;
  /** In the file's order. */
  readonly audio: readonly AudioFacts[];
}

/** Colours by WebCodecs' names (VideoColorSpaceInit); null or absent where they are not known. */
export interface ContainedColors {
  readonly matrix?: string | null;
  readonly primaries?: string | null;
  readonly transfer?: string | null;
  readonly fullRange?: boolean | null;
}

/** What a stream is said to be. */
export interface StreamTags {
  /** ISO 639-2, three letters. */
  readonly language?: string;
  readonly title?: string;
}

/** What is to be written. */
export interface WriteSetup {
  readonly container: ContainerName;
  readonly codec: ContainedVideoCodec;
  /** Of the encoder: as {@link VideoFacts}. */
  readonly codecString: string;
  readonly description?: ArrayBuffer;
  /** Of the encoded pictures, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly sampleAspectRatio: Rational;
  readonly colors: ContainedColors;
  /** Of the file; that of the input where left out. */
  readonly title?: string;
  readonly tags: StreamTags;
  /** Streams of {@link InputFacts.audio} that are copied, by their index there. */
  readonly audio: readonly { readonly index: number; readonly tags: StreamTags }[];
}

/** Bytes for the output file. */
export interface FileWrite {
  readonly position: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Reads one file and writes another. Calls are served in order. */
export interface ContainerApi {
  /**
   * Opens an input.
   * @throws DnnError `EINVAL` for a file that is damaged; `ENOSYS` for one that is not read.
   */
  openInput(file: Blob, range: TimeRange): Promise<InputFacts>;
  /** Begins the video stream anew. */
  rewind(): Promise<void>;
  /**
   * The next packets of the video stream in decode order, with pts from the range's start on; none at the
   * end. Some may be outside of the range: those that others need, and those that the decoder reorders.
   *
   * @param most of them.
   * @throws DnnError `EINVAL` for a file that is damaged.
   */
  readVideo(most: number): Promise<readonly EncodedPacket[]>;
  /** Begins the output. @throws DnnError `ENOSYS` for what the container does not take. */
  beginWriting(setup: WriteSetup): Promise<readonly FileWrite[]>;
  /** Adds packets, which are the worker's then, and the audio up to their times. */
  writeVideo(packets: readonly EncodedPacket[]): Promise<readonly FileWrite[]>;
  /** Adds audio behind the video's end. @returns `isEnd` where none is left. */
  writeAudio(seconds: number): Promise<{ readonly writes: readonly FileWrite[]; readonly isEnd: boolean }>;
  /** Completes the file with what was added. */
  finishWriting(): Promise<readonly FileWrite[]>;
}
