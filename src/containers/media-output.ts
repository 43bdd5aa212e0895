/** A file with encoded video and the audio of an input, written without ffmpeg. */
import {
  EncodedAudioPacketSource,
  EncodedPacket as FilePacket,
  EncodedVideoPacketSource,
  Output,
  type MetadataTags,
} from 'mediabunny';
import { DnnError, errorMessage } from '../base/errors.ts';
import type { EncodedPacket } from '../media/nut/encoded-packet.ts';
import { AudioCopy } from './audio-copy.ts';
import { packageCodec } from './codec-names.ts';
import type { ContainedColors, FileWrite, WriteSetup } from './container-contract.ts';
import { FileWrites } from './file-writes.ts';
import type { MediaInput } from './media-input.ts';
import { outputFormat } from './output-formats.ts';

export class MediaOutput {
  readonly #output: Output;
  readonly #writes: FileWrites;
  readonly #video: EncodedVideoPacketSource;
  readonly #config: VideoDecoderConfig;
  readonly #input: MediaInput;
  readonly #audio: readonly AudioCopy[];
  /** Waits for the next one, which tells how long it lasts. */
  #pending: EncodedPacket | undefined;
  #end = 0;

  private constructor(
    output: Output,
    writes: FileWrites,
    video: EncodedVideoPacketSource,
    setup: WriteSetup,
    input: MediaInput,
    audio: readonly AudioCopy[],
  ) {
    this.#output = output;
    this.#writes = writes;
    this.#video = video;
    this.#config = decoderConfig(setup);
    this.#input = input;
    this.#audio = audio;
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
        ...(await trackMetadata(input.video!)),
        // Times are rounded to this rate: to the ticks of the packets, so that they stay as they are.
        frameRate: input.resolution,
        rotation: await input.video!.getRotation(),
      });
      const audio: AudioCopy[] = [];
      for (const index of setup.audio) audio.push(await addAudio(output, input, index));
      output.setMetadataTags(descriptiveTags(await input.tags));
      await output.start();
      return new MediaOutput(output, writes, video, setup, input, audio);
    } catch (error) {
      throw notWritten(error, 'ENOSYS');
    }
  }

  /** What was written since the last call. */
  take(): readonly FileWrite[] {
    return this.#writes.take();
  }

  /** @throws DnnError `EIO` for packets that the container does not take. */
  async addVideo(packets: readonly EncodedPacket[]): Promise<void> {
    for (const packet of packets) {
      const before = this.#pending;
      this.#pending = packet;
      if (before !== undefined) await this.#add(before, (packet.pts - before.pts) / this.#input.resolution);
    }
  }

  /** Copies audio up to so many seconds behind the video's end. @returns whether none is left. */
  async addAudio(seconds: number): Promise<boolean> {
    await this.#addLast();
    try {
      for (const copy of this.#audio) await copy.copyUntil(this.#end + seconds);
    } catch (error) {
      throw notWritten(error, 'EIO');
    }
    return this.#audio.every(({ isEnd }) => isEnd);
  }

  /** @throws DnnError `EIO` where it cannot be completed. */
  async finish(): Promise<void> {
    await this.#addLast();
    try {
      for (const copy of this.#audio) await copy.close();
      await this.#output.finalize();
    } catch (error) {
      throw notWritten(error, 'EIO');
    }
  }

  /** Gives it up. */
  async cancel(): Promise<void> {
    for (const copy of this.#audio) await copy.close();
    if (this.#output.state === 'started') await this.#output.cancel();
  }

  async #addLast(): Promise<void> {
    const last = this.#pending;
    this.#pending = undefined;
    if (last !== undefined) await this.#add(last, this.#input.lastSeconds);
  }

  async #add({ pts, isKey, data }: EncodedPacket, duration: number): Promise<void> {
    const timestamp = pts / this.#input.resolution;
    this.#end = timestamp + duration;
    try {
      for (const copy of this.#audio) await copy.copyUntil(timestamp);
      const packet = new FilePacket(new Uint8Array(data), isKey ? 'key' : 'delta', timestamp, duration);
      await this.#video.add(packet, { decoderConfig: this.#config });
    } catch (error) {
      throw notWritten(error, 'EIO');
    }
  }
}

/** Without those that the format of the input alone has. */
function descriptiveTags(tags: MetadataTags): MetadataTags {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => name !== 'raw'));
}

async function trackMetadata(track: {
  getLanguageCode: () => Promise<string>;
  getName: () => Promise<string | null>;
}): Promise<{ languageCode: string; name?: string }> {
  const [languageCode, name] = [await track.getLanguageCode(), await track.getName()];
  return { languageCode, ...(name === null ? {} : { name }) };
}

async function addAudio(output: Output, input: MediaInput, index: number): Promise<AudioCopy> {
  const track = input.audio[index]!;
  const [codec, config] = [await track.getCodec(), await track.getDecoderConfig()];
  if (codec === null || config === null)
    throw new DnnError('ENOSYS', `audio stream ${index} is of a codec that is not copied`);
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source, {
    ...(await trackMetadata(track)),
    disposition: await track.getDisposition(),
  });
  return new AudioCopy(input.audioPackets(track), source, config);
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
