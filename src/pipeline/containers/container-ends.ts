/** A container at both ends of a job. */
import { DnnError } from '../../base/errors.ts';
import type { EncoderFacts, EncodeSetup } from '../../codecs/codec-contract.ts';
import { colorSpaceInit } from '../../codecs/encoder/color-space.ts';
import type { WriteSetup } from '../../containers/container-contract.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import { requireEncoder } from '../codecs/require-encoder.ts';
import type { ContainerCommand } from '../command/container-command.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameSink } from '../frames/frame-sink.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { MemoryMeter } from '../report/memory-meter.ts';
import type { TimelineRecorder } from '../report/timeline-recorder.ts';
import { CodecWorkMeter } from './codec-work.ts';
import { ContainerSink, type OutputBytes } from './container-sink.ts';
import { ContainerSource } from './container-source.ts';
import type { ContainerWorkers } from './container-workers.ts';
import type { OpenVideo } from './open-video.ts';

export interface ContainerEndsOptions {
  readonly assets: AssetUrls;
  readonly workers: ContainerWorkers;
  readonly words: ContainerCommand;
  readonly opened: OpenVideo;
  readonly output: OutputBytes;
  readonly buffers: BufferPool;
  readonly memory: MemoryMeter;
  readonly timeline: TimelineRecorder | undefined;
}

/** Both ends, whose codecs have begun. */
export interface ContainerEnds {
  startSource(): FrameSource;
  startSink(): FrameSink;
}

/** @throws DnnError `ENOSYS` where the browser does not encode such pictures. */
export async function containerEnds(options: ContainerEndsOptions): Promise<ContainerEnds> {
  const { assets, workers, words, opened, output, buffers, memory, timeline } = options;
  const { video, links, endPts } = opened;
  const encode = encodeSetup(words, opened);
  await workers.decoder.call((api) => api.beginDecoding(opened.decode));
  await requireEncoder(assets, encode);
  const facts = await workers.encoder.call((api) => api.beginEncoding(encode));
  const meters = [new CodecWorkMeter('decode', timeline), new CodecWorkMeter('encode', timeline)] as const;
  memory.add(() => meters[0].heldBytes + meters[1].heldBytes);
  const [head] = links.before;
  if (head === undefined) throw new DnnError('EINVAL', 'A command without filters has no frames to give.');
  const { timeBase, sampleAspectRatio } = video;
  const { container, decoder, encoder } = workers;
  return {
    startSource: () =>
      new ContainerSource({
        ...{ container, decoder, buffers, endPts },
        codec: video.codec,
        info: { ...head, timeBase, sampleAspectRatio },
        meter: meters[0],
      }),
    startSink: () =>
      new ContainerSink({
        ...{ container, encoder, output, buffers },
        setup: writeSetup(words, opened, encode, facts),
        meter: meters[1],
      }),
  };
}

/** Bits per pixel where no rate is asked for. */
const usualBits = { h264: 0.1, hevc: 0.1, vp8: 0.1, vp9: 0.07, av1: 0.07 };

function encodeSetup({ codec }: ContainerCommand, { video, links, frames }: OpenVideo): EncodeSetup {
  const { behind, encoded } = links;
  const {
    frameRate = { num: 25, den: 1 },
    colorRange,
    colorSpace,
    colorPrimaries,
    colorTrc,
  } = frames.at(-1)!;
  const { width, height } = behind;
  const bitsPerSecond = Math.round((width * height * frameRate.num * usualBits[codec]) / frameRate.den);
  return {
    ...{ codec, width, height, frameRate },
    inputFormat: behind.format,
    pixelFormat: encoded,
    colors: { colorRange, colorSpace, colorPrimaries, colorTrc },
    timeBase: video.timeBase,
    rate: { kind: 'bitrate', bitsPerSecond },
    keyInterval: 250,
    latencyMode: 'quality',
  };
}

function writeSetup(
  { container, codec }: ContainerCommand,
  { video, audio }: OpenVideo,
  { width, height, colors }: EncodeSetup,
  { codec: codecString, description }: EncoderFacts,
): WriteSetup {
  return {
    ...{ container, codec, codecString, width, height, audio },
    ...(description === undefined ? {} : { description }),
    sampleAspectRatio: video.sampleAspectRatio,
    colors: colorSpaceInit(colors),
  };
}
