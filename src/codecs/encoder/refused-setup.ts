/** What to say where the browser's encoder does not take a stream: what it would take instead. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { CodecName } from '../codec-contract.ts';
import type { TrialSetup } from './encoder-config.ts';

/** Codecs that may stand in for each other, the most widely played first. */
const codecs: readonly CodecName[] = ['h264', 'vp9', 'av1', 'vp8', 'hevc'];
/** The longer sides of pictures that are tried, in pixels. */
const sides = [7680, 4096, 3840, 2560, 1920, 1280, 640];

/**
 * @param refusal what the encoder said.
 * @param isTaken tries another setup.
 * @returns DnnError `ENOSYS`.
 */
export async function refusedSetup(
  setup: TrialSetup,
  refusal: unknown,
  isTaken: (setup: TrialSetup) => Promise<boolean>,
): Promise<DnnError> {
  const { codec, width, height, pixelFormat } = setup;
  const others = [
    await otherFormat(setup, isTaken),
    await smallerSize(setup, isTaken),
    await otherCodec(setup, isTaken),
  ].filter((words) => words !== undefined);
  const advice =
    others.length > 0
      ? others.join(' or ')
      : 'an encoder of ffmpeg, such as -c:v libx264 (on a cross-origin isolated page)';
  const reason = errorMessage(refusal).replace(/\.?$/, '');
  return new DnnError(
    'ENOSYS',
    `The browser does not encode ${codec} of ${width}x${height} in ${pixelFormat} (${reason}): use ${advice}.`,
    { codec, width, height, pixelFormat },
    { cause: refusal },
  );
}

type IsTaken = (setup: TrialSetup) => Promise<boolean>;

async function otherFormat(setup: TrialSetup, isTaken: IsTaken): Promise<string | undefined> {
  const pixelFormat = 'yuv420p';
  if (setup.pixelFormat === pixelFormat || !(await isTaken({ ...setup, pixelFormat }))) return undefined;
  return `-pix_fmt ${pixelFormat}`;
}

async function smallerSize(setup: TrialSetup, isTaken: IsTaken): Promise<string | undefined> {
  const { width, height } = setup;
  const longest = Math.max(width, height);
  for (const side of sides.filter((each) => each < longest)) {
    const smaller = { width: even((width * side) / longest), height: even((height * side) / longest) };
    if (await isTaken({ ...setup, ...smaller })) return `scale=${smaller.width}:${smaller.height}`;
  }
  return undefined;
}

async function otherCodec(setup: TrialSetup, isTaken: IsTaken): Promise<string | undefined> {
  for (const codec of codecs.filter((each) => each !== setup.codec)) {
    // A profile is the codec's own.
    if (await isTaken({ ...setup, codec, profile: undefined })) return `-c:v ${codec}_webcodecs`;
  }
  return undefined;
}

function even(pixels: number): number {
  return Math.max(2, 2 * Math.round(pixels / 2));
}
