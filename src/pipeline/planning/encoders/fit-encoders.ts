/**
 * Sees to it that x264 fits into the 2 GiB that a core of WebAssembly has: adapts what the user left open, or
 * refuses before any frame is computed.
 */
import { DnnError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/log.ts';
import { isRgbFormat, type StreamPictures } from '../color/stream-pictures.ts';
import type { CommandOption } from '../../command/command.ts';
import type { Plan } from '../../command/plan.ts';
import { encodeFilters } from '../encode-stage-args.ts';
import {
  encodedStreams,
  encoderForecast,
  needsSizes,
  type EncodedStream,
  type EncoderJob,
} from './encoder-forecast.ts';
import type { X264Settings } from './x264-settings.ts';

/** Emscripten lets the heap grow by up to 96 MiB more than is asked for, and it is to stay below 1.7 GiB. */
const goal = 1.7 * 2 ** 30 - 96 * 2 ** 20;
/** Where malloc fails, less what a forecast may be wrong by. */
const limit = 1.95 * 2 ** 30;

/** Frames that x264 looks ahead at least where its lookahead is made shorter. */
const leastLookahead = 5;

/** What is needed to fit the encoders of a job. */
export interface FittingJob extends EncoderJob {
  /** Runs the planning again, with the sizes behind the DNN filters; undefined where that fails. */
  readonly sizedPictures: () => Promise<StreamPictures | undefined>;
  readonly log: Logger;
}

/**
 * The plan, with words for x264 where it would not fit otherwise.
 *
 * @throws DnnError `ENOMEM` where it cannot fit with what the user asked for, with what to write instead
 */
export async function fitEncoders(job: FittingJob): Promise<Plan> {
  let streams = encodedStreams(job, false);
  const hint = rgbHint(job, streams);
  if (hint !== undefined) job.log('info', hint);
  const needed = (candidate: readonly EncodedStream[]): number => encoderForecast(job, candidate);
  if (needed(streams) <= goal || !streams.some(({ x264 }) => x264 !== undefined)) return job.plan;
  if (needsSizes(job)) {
    const pictures = await job.sizedPictures();
    if (pictures !== undefined) streams = encodedStreams({ ...job, pictures }, true);
    if (needed(streams) <= goal) return job.plan;
  }
  const adapted = adapt(streams, needed);
  if (needed(adapted) > limit) throw refusal(streams, needed);
  const words = adapted.map((stream, index) => changedWords(streams[index]!.x264, stream.x264));
  const added = [...new Set(words.flat().map(({ words: pair }) => pair.join(' ')))].join(' ');
  const { width, height, pixelFormat } = largest(streams).picture;
  const what = `libx264 for ${width}x${height} in ${pixelFormat} needs about ${gigabytes(needed(streams))} GB`;
  if (added !== '')
    job.log('info', `${what}, and ffmpeg.wasm has 2 GiB: ${added} is added; write it to choose.`);
  if (needed(adapted) > goal)
    job.log('warning', `${what}, close to the 2 GiB of ffmpeg.wasm: ${instead(streams, needed)} needs less.`);
  return withWords(job.plan, adapted, words);
}

type Needed = (streams: readonly EncodedStream[]) => number;

/** The mildest change of what the user left open that fits; the last one where none does. */
function adapt(streams: readonly EncodedStream[], needed: Needed): readonly EncodedStream[] {
  const most = (pick: (x264: X264Settings) => number): number =>
    Math.max(0, ...streams.map(({ x264 }) => (x264 === undefined ? 0 : pick(x264))));
  let last = streams;
  for (let lookahead = most((x264) => x264.lookahead); lookahead >= leastLookahead; lookahead--) {
    last = limited(streams, lookahead, Infinity);
    if (needed(last) <= goal) return last;
  }
  for (let refs = most((x264) => x264.refs); refs > 0; refs--) {
    last = limited(streams, leastLookahead, refs);
    if (needed(last) <= goal) return last;
  }
  return last;
}

function limited(streams: readonly EncodedStream[], lookahead: number, refs: number): EncodedStream[] {
  return streams.map((stream) => {
    const { x264 } = stream;
    if (x264 === undefined) return stream;
    const shorter = x264.isLookaheadGiven ? {} : { lookahead: Math.min(x264.lookahead, lookahead) };
    const fewer = x264.isRefsGiven ? {} : { refs: Math.min(x264.refs, refs) };
    return { ...stream, x264: { ...x264, ...shorter, ...fewer } };
  });
}

function changedWords(before: X264Settings | undefined, after: X264Settings | undefined): CommandOption[] {
  if (before === undefined || after === undefined) return [];
  return [
    ...(after.lookahead < before.lookahead ? [option('rc-lookahead', after.lookahead)] : []),
    ...(after.refs < before.refs ? [option('refs', after.refs)] : []),
  ];
}

function option(name: string, value: number): CommandOption {
  return { name, specifier: 'v', value: String(value), words: [`-${name}`, String(value)], position: -1 };
}

/** The plan with such options behind those of the outputs. */
function withWords(plan: Plan, streams: readonly EncodedStream[], words: readonly CommandOption[][]): Plan {
  const outputs = plan.command.outputs.map((output, index) => {
    const stream = streams.findIndex((candidate, at) => candidate.output === index && words[at]!.length > 0);
    return stream < 0 ? output : { ...output, options: [...output.options, ...words[stream]!] };
  });
  return { ...plan, command: { ...plan.command, outputs } };
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

function largest(streams: readonly EncodedStream[]): EncodedStream {
  const area = ({ picture }: EncodedStream): number => picture.width * picture.height;
  return streams
    .filter(({ x264 }) => x264 !== undefined)
    .reduce((most, stream) => (area(stream) > area(most) ? stream : most));
}

function refusal(streams: readonly EncodedStream[], needed: Needed): DnnError {
  const { width, height, pixelFormat } = largest(streams).picture;
  return new DnnError(
    'ENOMEM',
    `libx264 needs about ${gigabytes(needed(streams))} GB for ${width}x${height} in ${pixelFormat} with these ` +
      `options, and ffmpeg.wasm has 2 GiB: write ${instead(streams, needed)}, or -c:v h264_webcodecs.`,
    { width, height, pixelFormat },
  );
}

const yuv420p = { pixelFormat: 'yuv420p' };
const veryfast = { lookahead: 10, refs: 1, bframes: 3 };
const ultrafast = { ...veryfast, lookahead: 0, bframes: 0, mbtree: false, weightp: false, subme: 0 };

/** The first of some words with which the streams fit, from the mildest on. */
function instead(streams: readonly EncodedStream[], needed: Needed): string {
  const choices: readonly (readonly [words: string, picture: object, settings: Partial<X264Settings>])[] = [
    ['-rc-lookahead 5', {}, { lookahead: 5 }],
    ['-pix_fmt yuv420p', yuv420p, {}],
    ['-rc-lookahead 5 -pix_fmt yuv420p', yuv420p, { lookahead: 5 }],
    [
      '-preset veryfast -rc-lookahead 5 -refs 1 -bf 3 -pix_fmt yuv420p',
      yuv420p,
      { ...veryfast, lookahead: 5 },
    ],
    ['-preset ultrafast -refs 1 -bf 0 -pix_fmt yuv420p', yuv420p, ultrafast],
  ];
  const found = choices.find(([, picture, settings]) => {
    const changed = streams.map((stream) => ({
      ...stream,
      picture: { ...stream.picture, ...picture },
      x264: stream.x264 && { ...stream.x264, ...settings },
    }));
    return needed(changed) <= goal;
  });
  const smaller = 'scale the pictures down behind the network (for example scale=iw/2:-2)';
  return found === undefined ? smaller : `\`${found[0]}\` in place of those, or ${smaller}`;
}

/** For pictures of RGB frames that x264 takes as 4:4:4, unless the user asks for some format. */
function rgbHint({ plan, planning }: EncoderJob, streams: readonly EncodedStream[]): string | undefined {
  const isRgb = planning.frames.some((frames) => frames !== undefined && isRgbFormat(frames.pixelFormat));
  const isOpen = ({ output, picture, x264 }: EncodedStream): boolean =>
    x264 !== undefined &&
    picture.pixelFormat === 'yuv444p' &&
    !plan.command.outputs[output]!.options.some(({ name }) => name === 'pix_fmt');
  if (!isRgb || !streams.some(isOpen) || /\bformat=/.test(encodeFilters(plan))) return undefined;
  return (
    'RGB frames become yuv444p (H.264 High 4:4:4 Predictive), which many players refuse: ' +
    'add -pix_fmt yuv420p for those.'
  );
}
