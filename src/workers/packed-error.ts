/** Thrown values as plain data: structured cloning drops the class, the code and the details of an error. */
import { DnnError, type DnnErrorCode, type DnnErrorDetails } from '../base/errors.ts';

/** One link of a chain of causes. */
type PackedLink =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'dom'; readonly name: string; readonly message: string }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
    }
  | {
      readonly kind: 'dnn';
      readonly code: DnnErrorCode;
      readonly details: DnnErrorDetails;
      readonly message: string;
      readonly stack: string | undefined;
    };

/** A thrown value and its causes; survives structured cloning. */
export interface PackedError {
  /** The value itself, its cause, the cause of that, and so on. */
  readonly links: readonly PackedLink[];
  /** Where the causes go round in a circle: the index of the link that is the cause of the last one. */
  readonly returnsTo?: number;
}

/** Causes beyond this many say nothing new. */
const mostLinks = 100;

const builtIns: readonly ErrorConstructor[] = [
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
];

/**
 * Takes a thrown value apart; never throws. Of a subclass of DnnError the code and the details travel.
 *
 * @param thrown anything: what is no error travels as it is, or as text where it cannot be cloned.
 */
export function packError(thrown: unknown): PackedError {
  const links: PackedLink[] = [];
  const indices = new Map<Error, number>();
  for (let value = thrown; ;) {
    links.push(packLink(value));
    if (!(value instanceof Error)) return { links };
    indices.set(value, links.length - 1);
    const { cause } = value;
    if (cause === undefined || links.length === mostLinks) return { links };
    const returnsTo = cause instanceof Error ? indices.get(cause) : undefined;
    if (returnsTo !== undefined) return { links, returnsTo };
    value = cause;
  }
}

/** Makes the value of {@link packError} again, with its causes. */
export function unpackError({ links, returnsTo }: PackedError): unknown {
  const values = links.map(unpackLink);
  values.forEach((value, index) => {
    const isLast = index === values.length - 1;
    if (!(value instanceof Error) || (isLast && returnsTo === undefined)) return;
    const cause = isLast ? values[returnsTo!] : values[index + 1];
    Object.defineProperty(value, 'cause', { value: cause, configurable: true, writable: true });
  });
  return values[0];
}

function packLink(value: unknown): PackedLink {
  if (!(value instanceof Error)) return { kind: 'value', value: cloneable(value) };
  const { name, message, stack } = value;
  if (value instanceof DnnError) {
    const { code, details } = value;
    return { kind: 'dnn', code, details, message, stack };
  }
  return value instanceof DOMException
    ? { kind: 'dom', name, message }
    : { kind: 'error', name, message, stack };
}

function unpackLink(link: PackedLink): unknown {
  if (link.kind === 'value') return link.value;
  if (link.kind === 'dom') return new DOMException(link.message, link.name);
  const error = link.kind === 'dnn' ? new DnnError(link.code, link.message, link.details) : ofName(link);
  if (link.stack !== undefined) error.stack = link.stack;
  return error;
}

function ofName({ name, message }: { readonly name: string; readonly message: string }): Error {
  const BuiltIn = builtIns.find((builtIn) => builtIn.name === name) ?? Error;
  const error = new BuiltIn(message);
  if (error.name !== name) error.name = name;
  return error;
}

/** The value where it can cross to another thread, else words for it. */
function cloneable(value: unknown): unknown {
  try {
    structuredClone(value);
    return value;
  } catch {
    // A function, a symbol, or an object with one; what an object says of itself may throw in its turn.
    const hasText = typeof value === 'symbol' || typeof value === 'function';
    return hasText ? value.toString() : Object.prototype.toString.call(value);
  }
}
