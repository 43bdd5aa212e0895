/**
 * Listening to an AbortSignal without leaving a listener behind: one signal may outlive thousands of waits.
 */

/**
 * Calls `listener` with the signal's reason once it aborts; at once where it already has.
 *
 * @returns stops listening; calling it again, or after the abort, does nothing.
 */
export function onAbort(signal: AbortSignal, listener: (reason: unknown) => void): () => void {
  if (signal.aborted) {
    listener(signal.reason);
    return () => undefined;
  }
  const onEvent = (): void => {
    listener(signal.reason);
  };
  signal.addEventListener('abort', onEvent, { once: true });
  return () => {
    signal.removeEventListener('abort', onEvent);
  };
}

/**
 * Settles as `promise` does, or rejects with the signal's reason, whichever comes first. What `promise` does
 * after an abort is ignored: where it brings a resource, the caller still has to release it.
 */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stopListening: () => void;
  return new Promise<T>((resolve, reject) => {
    stopListening = onAbort(signal, reject);
    promise.then(resolve, reject);
  }).finally(() => {
    stopListening();
  });
}
