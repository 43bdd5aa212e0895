/** A container at both ends of a job. */
import type { CodecColors, EncoderFacts, EncodeResult, EncodeSetup } from '../../codecs/codec-contract.ts';
import { colorSpaceInit } from '../../codecs/encoder/color-space.ts';
import type { StreamTags, WriteSetup } from '../../containers/container-contract.ts';
import { pixelFormatDescriptor } from '../../frame/pixel-format.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import type { NutStream, Rational } from '../../media/nut/nut-stream.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import { CodecMeter } from '../codecs/codec-meter.ts';
import { DecoderClient } from '../codecs/decoder-client.ts';
import type { EncoderFeeding } from '../codecs/encoder-worker.ts';
import { requireEncoder } from '../codecs/capabilities/require-encoder.ts';
import type { ContainerCommand } from '../command/container-command.ts';
import { KeyFrameTimes } from '../command/webcodecs/key-frame-times.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameSink } from '../frames/frame-sink.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import { encodedColors } from '../planning/codecs/encoded-colors.ts';
import { encoderSetup } from '../planning/codecs/encoder-setup.ts';
import { framesAt } from '../planning/pipe-args.ts';
import type { PlannedStream, Planning } from '../planning/planning-log.ts';
import type { MemoryMeter } from '../report/memory-meter.ts';
import type { TimelineRecorder } from '../report/timeline-recorder.ts';
import { ContainerSink, type OutputBytes } from './container-sink.ts';
import { ContainerSource } from './container-source.ts';
import type { ContainerWorkers } from './container-workers.ts';
import type { OpenVideo } from './open-video.ts';

export interface ContainerEndsOptions {
  readonly assets: AssetUrls;
  readonly workers: ContainerWorkers;
  readonly words: ContainerCommand;
  readonly opened: OpenVideo;
  /** With the colours settled. */
  readonly planning: Planning;
  readonly output: OutputBytes;
  readonly buffers: BufferPool;
  readonly memory: MemoryMeter;
  readonly timeline: TimelineRecorder | undefined;
  /** Of `-dnn_watchdog`. */
  readonly watchdogSeconds: number | undefined;
}

/** Both ends, whose codecs have begun. */
export interface ContainerEnds {
  startSource(): FrameSource;
  startSink(): FrameSink;
}

/** @throws DnnError `ENOSYS` where the browser does not encode such pictures. */
export async function containerEnds(options: ContainerEndsOptions): Promise<ContainerEnds> {
  const { assets, workers, words, opened, planning, output, buffers, memory, timeline, watchdogSeconds } =
    options;
  const { video, links, endPts } = opened;
  const { timeBase, sampleAspectRatio } = video;
  const { head } = links;
  const { frameRate } = framesAt(planning, links.before.length - 1);
  const { format, width, height, sampleAspectRatio: behindAspect } = links.behind;
  const behind: NutStream = {
    ...{ format, width, height, timeBase, sampleAspectRatio: behindAspect },
    ...(frameRate === undefined ? {} : { frameRate }),
  };
  const colors = writtenColors(words, opened, planning);
  const encode = encoderSetup(words.encoder, behind, colors);
  const decoding = new CodecMeter('decode', timeline?.lane('decode', 'decode'));
  const encoding = new CodecMeter('encode', timeline?.lane('encode', 'encode'));
  memory.add(() => decoding.heldBytes + encoding.heldBytes);
  const decoder = new DecoderClient({
    ...{ worker: workers.decoder, buffers, meter: decoding, watchdogSeconds },
    frameBytes: frameLayout(head.format, head.width, head.height).size,
  });
  await decoder.begin(opened.decode);
  await requireEncoder(assets, encode, false);
  const facts = await workers.encoder.begin(encode);
  const { container, encoder } = workers;
  return {
    startSource: () =>
      new ContainerSource({
        ...{ container, decoder, buffers, endPts },
        codec: video.codec,
        info: { ...head, timeBase, sampleAspectRatio },
        meter: decoding,
      }),
    startSink: () =>
      new ContainerSink({
        ...{ container, encoder, output },
        feeding: { buffers, isForcedKey: forcedKeys(words, timeBase), onWork: worked(encoding) },
        setup: writeSetup(words, opened, encode, facts),
        meter: encoding,
      }),
  };
}

const worked =
  (meter: CodecMeter) =>
  (result: EncodeResult): void => {
    meter.worked(result, result.packets.length);
  };

/** By `-force_key_frames`. */
function forcedKeys({ output }: ContainerCommand, { num, den }: Rational): EncoderFeeding['isForcedKey'] {
  const times = KeyFrameTimes.of(output);
  return ({ pts }) => times.isForced((pts * num) / den);
}

/** The conversion from RGB gives limited range, whatever the input has. */
function writtenColors(
  { chain }: ContainerCommand,
  { links, pictures }: OpenVideo,
  planning: Planning,
): CodecColors {
  const colors = encodedColors(planning, pictures, chain);
  const isConverted = pixelFormatDescriptor(links.behind.format).isRgb;
  return isConverted && colors.colorRange !== undefined ? { ...colors, colorRange: 'tv' } : colors;
}

function writeSetup(
  { container, encoder: { codec } }: ContainerCommand,
  { audio, listing, links }: OpenVideo,
  { width, height, colors }: EncodeSetup,
  { codec: codecString, description }: EncoderFacts,
): WriteSetup {
  const { input, title } = listing;
  const sounds = input.streams.filter(({ type }) => type === 'Audio');
  return {
    ...{ container, codec, codecString, width, height },
    ...(description === undefined ? {} : { description }),
    sampleAspectRatio: links.behind.sampleAspectRatio,
    colors: colorSpaceInit(colors),
    ...(title === undefined ? {} : { title }),
    tags: tagsOf(input.streams.find(({ index }) => index === listing.video)),
    audio: audio.map((index) => ({ index, tags: tagsOf(sounds[index]) })),
  };
}

/** By ffmpeg's list, which tells more than the package that writes. */
function tagsOf(stream: PlannedStream | undefined): StreamTags {
  const { language, title } = stream ?? {};
  return {
    ...(language === undefined || !/^[a-z]{3}$/.test(language) ? {} : { language }),
    ...(title === undefined ? {} : { title }),
  };
}
