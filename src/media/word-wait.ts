/** Waiting for a word of shared memory to change without blocking the thread. */

/** Milliseconds between looks where the browser cannot wait asynchronously. */
const pollIntervals = [0, 1, 2, 4] as const;

/**
 * Resolves when `words[index]` is no longer `expected`, or at the latest after `timeout` milliseconds. May
 * resolve early: callers look again.
 */
export async function waitForChange(
  words: Int32Array<SharedArrayBuffer>,
  index: number,
  expected: number,
  timeout = 1000,
): Promise<void> {
  const atomics: Partial<typeof Atomics> = Atomics;
  if (atomics.waitAsync !== undefined) {
    const wait = atomics.waitAsync(words, index, expected, timeout);
    if (wait.async) await wait.value;
    return;
  }
  await pollForChange(words, index, expected, timeout);
}

/** `waitForChange` for browsers without `Atomics.waitAsync`: looks every few milliseconds. */
export async function pollForChange(
  words: Int32Array<SharedArrayBuffer>,
  index: number,
  expected: number,
  timeout: number,
): Promise<void> {
  const end = performance.now() + timeout;
  for (let look = 0; Atomics.load(words, index) === expected && performance.now() < end; look++) {
    const pause = pollIntervals[Math.min(look, pollIntervals.length - 1)]!;
    await new Promise<void>((resolve) => setTimeout(resolve, pause));
  }
}
