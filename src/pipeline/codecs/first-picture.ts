/** Learns from the browser's decoder what the frames of a video are that ffmpeg cannot decode. */
import { raceAbort } from '../../base/abort.ts';
import { DnnError, errorMessage } from '../../base/errors.ts';
import { readStreamFacts, type StreamFacts } from '../../codecs/bitstream/stream-facts.ts';
import type { DecodedFrame } from '../../codecs/codec-contract.ts';
import { pipeFolder } from '../../media/core-options.ts';
import { createFrameRing } from '../../media/frame-ring.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import { NutPacketReader } from '../../media/nut/nut-packet-reader.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';
import { RingReader } from '../../media/ring-reader.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import { transferred } from '../../workers/proxied.ts';
import { spawnCodecWorker } from '../../workers/spawn.ts';
import type { CorePool } from '../ffmpeg/core-pool.ts';
import { FfmpegStage } from '../ffmpeg/ffmpeg-stage.ts';
import type { StageFiles } from '../ffmpeg/stage-files.ts';
import { PacketClock } from '../planning/codecs/packet-clock.ts';
import { PacketList } from './packet-list.ts';

/** What the beginning of a stream tells. */
export interface FirstPicture {
  readonly stream: EncodedStream;
  readonly facts: StreamFacts;
  /** In ticks of the frames' time base: the first frame that counts. */
  readonly pts: number;
  /** The first picture that is decoded, of which only the kind counts. */
  readonly frame: Pick<DecodedFrame, 'format' | 'width' | 'height'>;
}

export interface FirstPictureOptions {
  readonly cores: CorePool;
  readonly files: StageFiles;
  readonly assets: AssetUrls;
  readonly watchdogSeconds: number | undefined;
  readonly signal: AbortSignal;
  /** Words of a stage that copies the packets and lists them. @param pipes paths of those to write. */
  readonly args: (pipes: { readonly packets: string; readonly flags: string }) => readonly string[];
  /** Of the frames. */
  readonly timeBase: Rational;
  /** Frames of a lower pts do not count. */
  readonly earliest: number;
}

const names = { packets: 'first-packets', flags: 'first-flags' } as const;
const ringBytes = 4 * 2 ** 20;
const flagRingBytes = 64 * 1024;

/**
 * @throws DnnError `EINVAL` where the stream has no frame that counts, or is damaged; `ENOSYS` where the
 *   browser does not decode it; the signal's reason.
 */
export async function firstPicture(options: FirstPictureOptions): Promise<FirstPicture> {
  const { cores, files, watchdogSeconds, signal, args } = options;
  const ring = createFrameRing(ringBytes);
  const flagRing = createFrameRing(flagRingBytes);
  const packets = new RingReader(ring);
  const flags = new RingReader(flagRing);
  let lastLine = '';
  const stage = new FfmpegStage({
    ...{ cores, files, watchdogSeconds, name: 'The demux stage of the planning run' },
    pipes: [
      { name: names.packets, direction: 'write', ring },
      { name: names.flags, direction: 'write', ring: flagRing },
    ],
    outputs: { mode: 'discard' },
    stdout: 'output',
    onLog: (message) => {
      lastLine = message;
    },
  });
  const running = stage.run(
    args({ packets: `${pipeFolder}/${names.packets}`, flags: `${pipeFolder}/${names.flags}` }),
  );
  running.catch(() => undefined); // the pipe breaks with it
  try {
    const reader = await raceAbort(
      openPackets(packets, () => lastLine),
      signal,
    );
    return await raceAbort(readPicture(reader, new PacketList(flags), options), signal);
  } finally {
    for (const pipe of [packets, flags]) pipe.closeReader('no more packets are needed');
    if (signal.aborted) stage.kill();
    // Its core is wanted next; that it has lost its reader is no failure.
    await running.catch(() => undefined);
  }
}

async function openPackets(packets: RingReader, lastLine: () => string): Promise<NutPacketReader> {
  try {
    return await NutPacketReader.open(packets);
  } catch (error) {
    const said = lastLine().trim();
    throw new DnnError('EINVAL', `its packets cannot be copied: ${said === '' ? errorMessage(error) : said}`);
  }
}

async function readPicture(
  reader: NutPacketReader,
  list: PacketList,
  options: FirstPictureOptions,
): Promise<FirstPicture> {
  const { stream } = reader;
  const clock = new PacketClock(options.timeBase, stream.timeBase);
  const first = await reader.next();
  let pts: number | undefined;
  for (let packet = first; packet !== null && pts === undefined;) {
    const time = clock.ptsOf(packet.pts);
    const listed = await list.next();
    if (time >= options.earliest && listed?.isDiscarded !== true) pts = time;
    else packet = await reader.next();
  }
  if (first === null || pts === undefined) throw new DnnError('EINVAL', 'it has no frame there');
  const facts = readStreamFacts(stream, first);
  return { stream, facts, pts, frame: await decodeFirst(first, facts, options) };
}

async function decodeFirst(
  packet: EncodedPacket,
  facts: StreamFacts,
  { assets, timeBase }: FirstPictureOptions,
): Promise<FirstPicture['frame']> {
  const failure = (what: string): DnnError => new DnnError('EIO', `the decoder worker ${what}`);
  const worker = spawnCodecWorker(assets, 'decoder worker', failure);
  try {
    const { codecString: codec, description } = facts;
    const setup = { codec, timeBase, ...(description === undefined ? {} : { description }) };
    await worker.call((api) => api.beginDecoding(setup));
    const packets = transferred([{ ...packet, pts: 0 }], [packet.data]);
    const results = [
      await worker.call((api) => api.decode(packets, [])),
      await worker.call((api) => api.finishDecoding([])),
    ];
    const [frame] = results.flatMap(({ frames }) => frames);
    if (frame !== undefined) return frame;
    const reason = results.find((result) => result.failure !== undefined)?.failure;
    throw new DnnError('ENOSYS', reason ?? "the browser's decoder gives no frame of its first picture");
  } finally {
    worker.terminate();
  }
}
