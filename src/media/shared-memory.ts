/** Makes the shared memory of pipes, and counts what of it is still alive in this thread. */

let alive = 0;

/**
 * Shared memory has no owner that could free it: only the garbage collector knows when the last view is gone.
 */
const collected = new FinalizationRegistry(() => {
  alive -= 1;
});

/**
 * New memory, all zero.
 *
 * @throws ReferenceError without cross-origin isolation, RangeError where there is no memory for it.
 */
export function allocateShared(bytes: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes);
  alive += 1;
  collected.register(memory, undefined);
  return memory;
}

/** How many were made in this thread and not collected yet; a collection may be late. */
export function sharedBuffersAlive(): number {
  return alive;
}
