/**
 * The timeouts of `exec` and `ffprobe`: like `Module.timeout` of ffmpeg.wasm's
 * core, they may be of any length.
 */

/** A timer counts in 32 bits; one that is asked for more fires at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Calls once after a time.
 *
 * @param milliseconds below 0, `Infinity` and `NaN`: never, as the stock core compares them
 * @returns what ends the waiting
 */
export function startDeadline(milliseconds: number, onReached: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (left: number): void => {
    const step = Math.min(left, longestTimer);
    timer = setTimeout(() => {
      if (left > step) wait(left - step);
      else onReached();
    }, step);
  };
  if (milliseconds >= 0 && milliseconds < Infinity) wait(milliseconds);
  return () => {
    clearTimeout(timer);
  };
}
