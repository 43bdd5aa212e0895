/** ffmpeg's options for a result that a person asked for in words. */
import type { ResultFormat } from './result-wish.ts';
import { soundWords } from './sound-words.ts';
import type { VideoChoice } from './video-choices.ts';

/** Players start before they have all of an MP4. */
const containerWords: Readonly<Record<ResultFormat, string>> = {
  mp4: '-movflags +faststart',
  webm: '',
  mkv: '',
};

/**
 * @param format undefined for a container that is not offered: ffmpeg chooses what becomes of the sound.
 * @param sound codecs of the input's sound, as `soundWords` takes them.
 */
export function resultWords(
  format: ResultFormat | undefined,
  video: VideoChoice,
  sound: readonly string[] | undefined,
): string {
  if (format === undefined) return video.words;
  const words = [video.words, soundWords(format, sound), containerWords[format]];
  return words.filter((each) => each !== '').join(' ');
}

/** What is said where a choice does not work and the next one takes its place. */
export function insteadSentence(failed: VideoChoice, next: VideoChoice): string {
  const slower = next.browser === undefined ? ', which takes longer' : '';
  return `${capital(failed.title)} does not work here: ${next.title} takes its place${slower}.`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
