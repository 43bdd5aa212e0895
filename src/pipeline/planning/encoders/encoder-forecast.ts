/** What the encode stage's core will need: its encoders, and the frames on their way to them. Pure. */
import type { Plan } from '../../command/plan.ts';
import { browserEncoder } from '../../command/webcodecs/browser-encoder.ts';
import { encodeFilters } from '../encode-stage-args.ts';
import type { StreamPictures } from '../color/stream-pictures.ts';
import type { LocalFilter } from '../local-filter.ts';
import type { Planning } from '../planning-log.ts';
import { pictureBytes, x264Bytes, type EncodedPicture } from './x264-memory.ts';
import { x264Settings, type X264Settings } from './x264-settings.ts';

/** A video stream that is encoded. */
export interface EncodedStream {
  /** Index of the output. */
  readonly output: number;
  readonly picture: EncodedPicture;
  /** `h264`, `vp9`. */
  readonly codec: string;
  /** Undefined for other encoders than libx264. */
  readonly x264: X264Settings | undefined;
}

/** What a forecast is made of. */
export interface EncoderJob {
  readonly plan: Plan;
  readonly planning: Planning;
  readonly pictures: StreamPictures;
  /** By index. */
  readonly filters: readonly LocalFilter[];
}

/** Code, variables, stack and tables of the core, and a reserve for its inputs and what reads them. */
const fixedBytes = 81 * 2 ** 20;

/**
 * Frames that other encoders took at most in the core, by their memory at 4K: libvpx-vp9, which looks 25
 * frames ahead, 70; of the others libvpx and mjpeg 20.
 */
const framesOfOthers = (codec: string): number => (codec === 'vp9' ? 70 : 20);

/**
 * The frame behind each DNN filter whose frames leave for the encode stage, and how much larger it is than
 * the one in the planning run, where the filter changed no size.
 */
function framesBehind({ plan, planning, filters }: EncoderJob) {
  return planning.frames.flatMap((frames, localIndex) => {
    if (frames === undefined || plan.upstream.has(localIndex)) return [];
    const { pixelFormat, width, height } = frames;
    const link = filters[localIndex]!.linkBehind({ format: pixelFormat, width, height });
    const picture: EncodedPicture = { width: link.width, height: link.height, pixelFormat };
    return [{ localIndex, picture, columns: link.width / width, rows: link.height / height }];
  });
}

/**
 * The streams that the outputs encode. `isSized`: the pictures are of a run that knew the sizes behind the
 * DNN filters; without it they grow as the frames do, which is right unless a filter behind scales them.
 */
export function encodedStreams(job: EncoderJob, isSized: boolean): EncodedStream[] {
  const { plan, planning, pictures } = job;
  const behind = framesBehind(job);
  return planning.outputs.flatMap(({ mappings }, output) => {
    const chain = plan.chains.find(({ outputIndex }) => outputIndex === output);
    const last = chain && chain.firstLocalIndex + chain.chain.dnnFilters.length - 1;
    const sources = behind.filter(({ localIndex }) => chain === undefined || localIndex === last);
    const isFed = chain !== undefined || plan.graphs.length > 0;
    const grown = (side: 'columns' | 'rows'): number =>
      isSized || !isFed ? 1 : Math.max(1, ...sources.map((source) => source[side]));
    return mappings.flatMap(({ kind, output: stream }): EncodedStream[] => {
      const picture = pictures.outputs.get(`${output}:${stream}`);
      if (picture === undefined || kind === 'copy' || kind === 'file') return [];
      // What stands in the planning run for an encoder of the browser.
      if (chain !== undefined && browserEncoder(chain.output) !== undefined) return [];
      const { codec, pixelFormat, width, height } = picture;
      const x264 = codec === 'h264' ? x264Settings(plan.command.outputs[output]!.options) : undefined;
      const size = { width: width * grown('columns'), height: height * grown('rows') };
      return [{ output, picture: { ...size, pixelFormat }, codec, x264 }];
    });
  });
}

/** Whether the sizes of pictures behind the DNN filters are only known of a run that knows those sizes. */
export function needsSizes(job: EncoderJob): boolean {
  const { plan } = job;
  const isScaled = framesBehind(job).some(({ columns, rows }) => columns !== 1 || rows !== 1);
  const sets = plan.command.outputs.some(({ options }) => options.some(({ name }) => name === 's'));
  return isScaled && (sets || encodeFilters(plan) !== '');
}

/** Bytes of heap for these streams at once. */
export function encoderForecast(job: EncoderJob, streams: readonly EncodedStream[]): number {
  // Of each pipe one frame is read and one is decoded; each filter holds one more, and so does each encoder.
  const inputs = framesBehind(job).reduce((sum, { picture }) => sum + 2 * pictureBytes(picture), 0);
  const behind = encodeFilters(job.plan);
  const filters = behind === '' ? 0 : behind.split(',').length;
  const frame = Math.max(0, ...streams.map(({ picture }) => pictureBytes(picture)));
  const encoders = streams.reduce((sum, { picture, codec, x264 }) => {
    const own = x264 === undefined ? framesOfOthers(codec) * pictureBytes(picture) : x264Bytes(x264, picture);
    return sum + pictureBytes(picture) + own;
  }, 0);
  return fixedBytes + inputs + filters * frame + encoders;
}
