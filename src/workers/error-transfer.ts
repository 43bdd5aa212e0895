/** Carries thrown errors between workers with their class, code and details, which Comlink alone would drop. */
import { transferHandlers } from 'comlink';
import { DnnError, type DnnErrorCode, type DnnErrorDetails } from '../base/errors.ts';

interface Thrown {
  readonly value: unknown;
}

/** What crosses the wire; `isError` is false for a thrown non-error, which crosses as it is. */
type WireError =
  | { readonly isError: false; readonly value: unknown }
  | {
      readonly isError: true;
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly code?: DnnErrorCode;
      readonly details?: DnnErrorDetails;
    };

function toWire(value: unknown): WireError {
  if (!(value instanceof Error)) return { isError: false, value };
  const wire = { isError: true as const, name: value.name, message: value.message, stack: value.stack };
  return value instanceof DnnError ? { ...wire, code: value.code, details: value.details } : wire;
}

function fromWire(wire: WireError): unknown {
  if (!wire.isError) return wire.value;
  if (wire.name === 'AbortError' || wire.name === 'TimeoutError')
    return new DOMException(wire.message, wire.name);
  const error =
    wire.code === undefined ? new Error(wire.message) : new DnnError(wire.code, wire.message, wire.details);
  if (!(error instanceof DnnError)) error.name = wire.name;
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

/** Replaces Comlink's handler of thrown values in this realm; both ends of a connection call it once. */
export function installErrorTransfer(): void {
  const stock = transferHandlers.get('throw');
  if (stock === undefined)
    throw new Error('Comlink no longer has a handler named "throw": check its version.');
  transferHandlers.set('throw', {
    canHandle: (value: unknown): value is Thrown => stock.canHandle(value),
    serialize: (thrown: Thrown): [WireError, Transferable[]] => [toWire(thrown.value), []],
    deserialize: (wire: WireError): never => {
      throw fromWire(wire);
    },
  });
}
