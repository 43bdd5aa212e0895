/** A file with video and audio, read without ffmpeg. */
import {
  BlobSource,
  EncodedPacketSink,
  Input,
  Mp4InputFormat,
  MatroskaInputFormat,
  MpegTsInputFormat,
  QuickTimeInputFormat,
  UnsupportedInputFormatError,
  WebMInputFormat,
  type EncodedPacket as FilePacket,
  type InputAudioTrack,
  type InputVideoTrack,
} from 'mediabunny';
import { DnnError, errorMessage } from '../base/errors.ts';
import type { EncodedPacket } from '../media/nut/encoded-packet.ts';
import { audioCodecName, containedCodec } from './codec-names.ts';
import type { AudioFacts, InputFacts, TimeRange, VideoFacts } from './container-contract.ts';
import { containersOf } from './output-formats.ts';

/** Packets from which the frame rate is told. */
const ratedPackets = 256;
/** Packets behind one another that a decoder may reorder: no more frames than that wait for earlier ones. */
const mostReordered = 16;

/** An open input. */
export class MediaInput {
  readonly #input: Input;
  readonly #video: InputVideoTrack | undefined;
  readonly #audio: readonly InputAudioTrack[];
  /** Where the range begins and ends, in the file's own seconds. */
  readonly #start: number;
  readonly #end: number;
  readonly #isFromStart: boolean;
  readonly #resolution: number;
  #packets: AsyncIterator<FilePacket, void> | undefined;
  #behindEnd = 0;
  #last: FilePacket | undefined;

  /** @param origin of the file's times, in seconds. */
  private constructor(
    input: Input,
    video: InputVideoTrack | undefined,
    audio: readonly InputAudioTrack[],
    { start, end }: TimeRange,
    origin: number,
    resolution: number,
  ) {
    this.#input = input;
    this.#video = video;
    this.#audio = audio;
    this.#start = origin + start;
    this.#end = origin + end;
    this.#isFromStart = start === 0;
    this.#resolution = resolution;
  }

  /** @throws DnnError as ContainerApi.openInput. */
  static async open(file: Blob, range: TimeRange): Promise<MediaInput> {
    const formats = [
      new Mp4InputFormat(),
      new QuickTimeInputFormat(),
      new MatroskaInputFormat(),
      new WebMInputFormat(),
      new MpegTsInputFormat(),
    ];
    const input = new Input({ source: new BlobSource(file), formats });
    try {
      const [video] = await input.getVideoTracks();
      const audio = await input.getAudioTracks();
      // FFmpeg counts from the first packet of the file, and never from one before 0.
      const origin = Math.max(0, await input.getFirstTimestamp());
      const resolution = video === undefined ? 1 : Math.round(await video.getTimeResolution());
      return new MediaInput(input, video, audio, range, origin, resolution);
    } catch (error) {
      input.dispose();
      throw notRead(error);
    }
  }

  /** Descriptive tags of the file. */
  get tags(): ReturnType<Input['getMetadataTags']> {
    return this.#input.getMetadataTags();
  }

  get video(): InputVideoTrack | undefined {
    return this.#video;
  }

  get audio(): readonly InputAudioTrack[] {
    return this.#audio;
  }

  /** Ticks of the video's time base in a second. */
  get resolution(): number {
    return this.#resolution;
  }

  /** Seconds of the last picture that was read. */
  get lastSeconds(): number {
    return this.#last?.duration ?? 0;
  }

  async facts(): Promise<InputFacts> {
    const audio = await Promise.all(this.#audio.map(audioFacts));
    if (this.#video === undefined) return { audio };
    const video = await this.#videoFacts(this.#video).catch((error: unknown) => {
      throw notRead(error);
    });
    return { audio, video };
  }

  /** Begins the video stream anew. */
  async rewind(): Promise<void> {
    await this.#packets?.return?.();
    this.#packets = undefined;
    this.#behindEnd = 0;
    this.#last = undefined;
  }

  /** @throws DnnError as ContainerApi.readVideo. */
  async readVideo(most: number): Promise<readonly EncodedPacket[]> {
    try {
      this.#packets ??= await this.#packetsFromStart();
      const packets: EncodedPacket[] = [];
      while (packets.length < most) {
        const { value: packet } = await this.#packets.next();
        if (!packet || this.#behindEnd > mostReordered) break;
        const isBehind = packet.timestamp >= this.#end;
        this.#behindEnd = isBehind ? this.#behindEnd + 1 : 0;
        if (isBehind && packet.type === 'key') this.#behindEnd = Infinity;
        if (!isBehind && packet.timestamp >= (this.#last?.timestamp ?? -Infinity)) this.#last = packet;
        const pts = Math.round(packet.timestamp * this.#resolution) - this.#ticks(this.#start);
        packets.push({ pts, isKey: packet.type === 'key', data: ownBytes(packet.data) });
      }
      return packets;
    } catch (error) {
      throw notRead(error);
    }
  }

  /** When an audio stream's first packet of the range begins, in seconds; 0 where there is none. */
  async audioStart(track: InputAudioTrack): Promise<number> {
    const first = await this.#firstAudio(track);
    return first === null ? 0 : first.timestamp - this.#start;
  }

  /**
   * Packets of an audio stream in the range, with times from its start on. The first may begin before.
   * @param shift seconds that are added to the times.
   */
  async *audioPackets(track: InputAudioTrack, shift: number): AsyncGenerator<FilePacket, void> {
    const first = await this.#firstAudio(track);
    if (first === null) return;
    for await (const packet of new EncodedPacketSink(track).packets(first)) {
      if (packet.timestamp >= this.#end) return;
      yield packet.clone({ timestamp: packet.timestamp - this.#start + shift });
    }
  }

  /** Gives the file back. */
  close(): void {
    this.#input.dispose();
  }

  async #firstAudio(track: InputAudioTrack): Promise<FilePacket | null> {
    const sink = new EncodedPacketSink(track);
    // What precedes the file's start belongs to the sound: decoders need it, and players leave it out.
    const found = this.#isFromStart ? null : await sink.getPacket(this.#start);
    return found ?? sink.getFirstPacket();
  }

  #ticks(seconds: number): number {
    return Math.round(seconds * this.#resolution);
  }

  async #packetsFromStart(): Promise<AsyncIterator<FilePacket, void>> {
    if (this.#video === undefined) throw new DnnError('EINVAL', 'The file has no video stream.');
    const sink = new EncodedPacketSink(this.#video);
    const first = (await sink.getKeyPacket(this.#start)) ?? (await sink.getFirstKeyPacket());
    return first === null ? noPackets() : sink.packets(first);
  }

  async #videoFacts(track: InputVideoTrack): Promise<VideoFacts> {
    const [named, config] = [await track.getCodec(), await track.getDecoderConfig()];
    const codec = named === null ? undefined : containedCodec(named);
    if (codec === undefined || config === null) {
      const id = await track.getInternalCodecId();
      const known = named ?? (typeof id === 'string' ? id : 'unknown');
      throw new DnnError('ENOSYS', `browsers have no decoder for its video, ${known}`, { codec: known });
    }
    const { averagePacketRate } = await track.computePacketStats(ratedPackets);
    const length = await track.getDurationFromMetadata();
    const { description } = config;
    return {
      codec,
      codecString: config.codec,
      width: await track.getCodedWidth(),
      height: await track.getCodedHeight(),
      ...(description === undefined ? {} : { description: bufferOf(description) }),
      timeBase: { num: 1, den: this.#resolution },
      frameRate: averagePacketRate,
      sampleAspectRatio: await track.getPixelAspectRatio(),
      rotation: await track.getRotation(),
      seconds: length === null ? undefined : Math.max(0, Math.min(length, this.#end) - this.#start),
    };
  }
}

async function audioFacts(track: InputAudioTrack): Promise<AudioFacts> {
  const [codec, channels, id] = [
    await track.getCodec(),
    await track.getNumberOfChannels(),
    await track.getInternalCodecId(),
  ];
  if (codec !== null) return { codec: audioCodecName(codec), channels, containers: containersOf(codec) };
  return { codec: typeof id === 'string' ? id : 'unknown', channels, containers: [] };
}

async function* noPackets(): AsyncGenerator<FilePacket, void> {
  // No key packet, no picture.
}

/** The package's packets share buffers. */
function ownBytes(data: Uint8Array): ArrayBuffer {
  return Uint8Array.from(data).buffer;
}

function bufferOf(source: AllowSharedBufferSource): ArrayBuffer {
  return ownBytes(
    ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source),
  );
}

function notRead(error: unknown): DnnError {
  if (error instanceof DnnError) return error;
  if (error instanceof UnsupportedInputFormatError)
    return new DnnError('ENOSYS', 'it is none of MP4, MOV, MKV, WebM and MPEG-TS', {}, { cause: error });
  return new DnnError('EINVAL', `it cannot be read: ${errorMessage(error)}`, {}, { cause: error });
}
