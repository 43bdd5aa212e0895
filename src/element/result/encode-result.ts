/** Runs a job with the best encoder that works, and says where that is not the usual one. */
import { DnnError } from '../../base/errors.ts';
import type { Capabilities } from '../../index.ts';
import type { NoticeDetail } from '../element-events.ts';
import type { ResultWish } from './result-wish.ts';
import { insteadSentence, resultWords } from './result-words.ts';
import { isPossible, videoChoices, type VideoChoice } from './video-choices.ts';

/** A job whose encoder is still to be chosen. */
export interface EncodedJob<T> {
  readonly wish: ResultWish;
  /** Codecs of the input's sound, as `soundWords` takes them. */
  readonly sound: readonly string[] | undefined;
  /** Whether encoders of ffmpeg can do, which need a page with shared memory. */
  readonly hasFFmpeg: boolean;
  /**
   * Does all of it with ffmpeg's options of the output; called again, with others, where an encoder of the
   * browser does not take the video.
   */
  readonly run: (options: string) => Promise<T>;
  /** What the browser has; asked once an encoder has not taken the video. */
  readonly capabilities: () => Promise<Pick<Capabilities, 'encoders'>>;
  /** Told before another encoder than the usual one begins. */
  readonly onNotice: (notice: NoticeDetail) => void;
}

/** @throws what `run` is rejected with, but for an encoder of the browser that does not take the video. */
export async function encodeResult<T>(job: EncodedJob<T>): Promise<T> {
  const { format, quality } = job.wish;
  let [choice, ...others] = videoChoices(format ?? 'mp4', quality);
  for (;;) {
    try {
      return await job.run(resultWords(format, choice, job.sound));
    } catch (error) {
      if (!isRefusal(error, choice)) throw error;
      const { encoders } = await job.capabilities();
      const [next, ...rest] = others
        .filter(({ browser }) => job.hasFFmpeg || browser !== undefined)
        .filter((other) => isPossible(other, encoders));
      if (next === undefined) throw error;
      if (next.title !== choice.title)
        job.onNotice({ message: insteadSentence(choice, next), reason: error.message });
      choice = next;
      others = rest;
    }
  }
}

/** The words that will most likely do, for a file of which nothing is known. */
export function likelyWords({ format, quality }: ResultWish): string {
  const [choice] = videoChoices(format ?? 'mp4', quality);
  return resultWords(format, choice, undefined);
}

/** Whether the choice's encoder has not taken the video: nothing was written then. */
function isRefusal(error: unknown, { browser }: VideoChoice): error is DnnError {
  if (!(error instanceof DnnError) || browser === undefined) return false;
  return error.code === 'ENOSYS' && error.details['codec'] === browser.codec;
}
