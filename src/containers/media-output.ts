/** A file with encoded video and the audio of an input, written without ffmpeg. */
import {
  EncodedAudioPacketSource,
  EncodedPacket as FilePacket,
  EncodedVideoPacketSource,
  Output,
  type BaseTrackMetadata,
  type MetadataTags,
} from 'mediabunny';
import { DnnError, errorMessage } from '../base/errors.ts';
import type { EncodedPacket } from '../media/nut/encoded-packet.ts';
import { AudioCopy } from './audio-copy.ts';
import { packageCodec } from './codec-names.ts';
import type { ContainedColors, FileWrite, StreamTags, WriteSetup } from './container-contract.ts';
import { FileWrites } from './file-writes.ts';
import type { MediaInput } from './media-input.ts';
import { outputFormat } from './output-formats.ts';

/** What a file is written with. */
interface OutputParts {
  readonly output: Output;
  readonly writes: FileWrites;
  readonly video: EncodedVideoPacketSource;
  readonly config: VideoDecoderConfig;
  readonly input: MediaInput;
  readonly audio: readonly AudioCopy[];
  /** Seconds that are added to all times. */
  readonly shift: number;
}

export class MediaOutput {
  readonly #parts: OutputParts;
  /** Waits for the next one, which tells how long it lasts. */
  #pending: EncodedPacket | undefined;
  #end = 0;

  private constructor(parts: OutputParts) {
    this.#parts = parts;
  }

  /**
   * Begins a file. The input gives audio, language, names, rotation and tags.
   * @throws DnnError `ENOSYS` for what the container does not take.
   */
  static async begin(setup: WriteSetup, input: MediaInput): Promise<MediaOutput> {
    try {
      const writes = new FileWrites();
      const output = new Output({ format: outputFormat(setup.container), target: writes.target });
      const video = new EncodedVideoPacketSource(packageCodec(setup.codec));
      output.addVideoTrack(video, {
        ...trackMetadata(setup.tags),
        ...frameRateOf(setup, input),
        rotation: await input.video!.getRotation(),
        disposition: await input.video!.getDisposition(),
      });
      const shift = await shiftOf(setup, input);
      const audio: AudioCopy[] = [];
      for (const stream of setup.audio) audio.push(await addAudio(output, input, stream, shift));
      const { title } = setup;
      const tags = descriptiveTags(await input.tags);
      output.setMetadataTags(title === undefined ? tags : { ...tags, title });
      await output.start();
      return new MediaOutput({ output, writes, video, config: decoderConfig(setup), input, audio, shift });
    } catch (error) {
      throw notWritten(error, 'ENOSYS');
    }
  }

  /** What was written since the last call. */
  take(): readonly FileWrite[] {
    return this.#parts.writes.take();
  }

  /** @throws DnnError `EIO` for packets that the container does not take. */
  async addVideo(packets: readonly EncodedPacket[]): Promise<void> {
    for (const packet of packets) {
      const before = this.#pending;
      this.#pending = packet;
      if (before !== undefined)
        await this.#add(before, (packet.pts - before.pts) / this.#parts.input.resolution);
    }
  }

  /** Copies audio up to so many seconds behind the video's end. @returns whether none is left. */
  async addAudio(seconds: number): Promise<boolean> {
    await this.#addLast();
    try {
      for (const copy of this.#parts.audio) await copy.copyUntil(this.#end + seconds);
    } catch (error) {
      throw notWritten(error, 'EIO');
    }
    return this.#parts.audio.every(({ isEnd }) => isEnd);
  }

  /** @throws DnnError `EIO` where it cannot be completed. */
  async finish(): Promise<void> {
    await this.#addLast();
    try {
      for (const copy of this.#parts.audio) await copy.close();
      await this.#parts.output.finalize();
    } catch (error) {
      throw notWritten(error, 'EIO');
    }
  }

  /** Gives it up. */
  async cancel(): Promise<void> {
    for (const copy of this.#parts.audio) await copy.close();
    if (this.#parts.output.state === 'started') await this.#parts.output.cancel();
  }

  async #addLast(): Promise<void> {
    const last = this.#pending;
    this.#pending = undefined;
    if (last !== undefined) await this.#add(last, this.#parts.input.lastSeconds);
  }

  async #add({ pts, isKey, data }: EncodedPacket, duration: number): Promise<void> {
    const { input, shift } = this.#parts;
    const timestamp = pts / input.resolution + shift;
    this.#end = timestamp + duration;
    try {
      for (const copy of this.#parts.audio) await copy.copyUntil(timestamp);
      const packet = new FilePacket(new Uint8Array(data), isKey ? 'key' : 'delta', timestamp, duration);
      await this.#parts.video.add(packet, { decoderConfig: this.#parts.config });
    } catch (error) {
      throw notWritten(error, 'EIO');
    }
  }
}

/** Without those that the format of the input alone has. */
function descriptiveTags(tags: MetadataTags): MetadataTags {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => name !== 'raw'));
}

function trackMetadata({ language, title }: StreamTags): BaseTrackMetadata {
  return {
    ...(language === undefined ? {} : { languageCode: language }),
    ...(title === undefined ? {} : { name: title }),
  };
}

/** MP4 and MOV count in ticks of this rate: those of the packets, so that their times stay as they are. */
function frameRateOf({ container }: WriteSetup, { resolution }: MediaInput): { frameRate?: number } {
  return container === 'mp4' || container === 'mov' ? { frameRate: resolution } : {};
}

/**
 * MKV and WebM begin at 0: where sound begins before, everything comes later by whole milliseconds, as
 * FFmpeg does it (libavformat/mux.c · avoid_negative_ts).
 */
async function shiftOf({ container, audio }: WriteSetup, input: MediaInput): Promise<number> {
  if (container === 'mp4' || container === 'mov') return 0;
  const starts = await Promise.all(audio.map(({ index }) => input.audioStart(input.audio[index]!)));
  return Math.round(-1000 * Math.min(0, ...starts)) / 1000;
}

async function addAudio(
  output: Output,
  input: MediaInput,
  { index, tags }: WriteSetup['audio'][number],
  shift: number,
): Promise<AudioCopy> {
  const track = input.audio[index]!;
  const [codec, config] = [await track.getCodec(), await track.getDecoderConfig()];
  if (codec === null || config === null)
    throw new DnnError('ENOSYS', `audio stream ${index} is of a codec that is not copied`);
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source, { ...trackMetadata(tags), disposition: await track.getDisposition() });
  return new AudioCopy(input.audioPackets(track, shift), source, config);
}

function decoderConfig(setup: WriteSetup): VideoDecoderConfig {
  const { codecString: codec, description, width, height, sampleAspectRatio, colors } = setup;
  const { num, den } = sampleAspectRatio;
  return {
    codec,
    codedWidth: width,
    codedHeight: height,
    ...(description === undefined ? {} : { description }),
    ...(isColorSpace(colors) ? { colorSpace: colors } : {}),
    ...(num === den ? {} : { displayAspectWidth: width * num, displayAspectHeight: height * den }),
  };
}

/** Colours of which all is known: containers hold no others. */
function isColorSpace(colors: ContainedColors): colors is Required<VideoColorSpaceInit> {
  const { matrix, primaries, transfer, fullRange } = colors;
  return [matrix, primaries, transfer, fullRange].every((value) => value !== null && value !== undefined);
}

function notWritten(error: unknown, code: 'EIO' | 'ENOSYS'): DnnError {
  if (error instanceof DnnError) return error;
  return new DnnError(code, errorMessage(error), {}, { cause: error });
}
