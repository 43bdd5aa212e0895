/**
 * Carries errors between workers with their class, code, details and causes, which Comlink alone would drop.
 */
import { transferHandlers } from 'comlink';
import { packError, unpackError, type PackedError } from './packed-error.ts';

interface Thrown {
  readonly value: unknown;
}

let isInstalled = false;

/**
 * Replaces Comlink's handler of thrown values in this realm, and adds one for errors that are arguments or
 * results by themselves. Both ends of a connection call it; a second call does nothing.
 */
export function installErrorTransfer(): void {
  if (isInstalled) return;
  const stock = transferHandlers.get('throw');
  if (stock === undefined)
    throw new Error('Comlink no longer has a handler named "throw": check its version.');
  transferHandlers.set('throw', {
    canHandle: (value: unknown): value is Thrown => stock.canHandle(value),
    serialize: (thrown: Thrown): [PackedError, Transferable[]] => [packError(thrown.value), []],
    deserialize: (packed: PackedError): never => {
      throw unpackError(packed);
    },
  });
  transferHandlers.set('error', {
    canHandle: (value: unknown): value is Error => value instanceof Error,
    serialize: (error: Error): [PackedError, Transferable[]] => [packError(error), []],
    deserialize: unpackError,
  });
  isInstalled = true;
}
