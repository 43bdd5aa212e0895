/** Exit codes that are not the word of one ffmpeg run. */

/** ffmpeg's own after a signal. */
export const stoppedExitCode = 255;

/** `@ffmpeg/ffmpeg`'s of a run that took longer than its timeout. */
export const timeoutExitCode = 1;
