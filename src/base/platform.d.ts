/**
 * What the core uses of its platform: the part of it that pages, workers and Node have alike, no more than is
 * needed. The core's project has neither of their libraries, so that a file in it runs in all of them; where
 * a name is used that is not here, the file belongs into another project, or all three have it and it is
 * added. platform.test.ts holds this against their libraries.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: new () => AbortController;

declare const DOMException: new (message?: string, name?: string) => Error;

declare const performance: { now(): number };

/** A number in browsers; an object in Node, which takes its number, or that as text, too. */
type Timer = number | string | object;
declare function setTimeout(callback: () => void, ms?: number): Timer;
declare function clearTimeout(timer: Timer | undefined): void;

interface TextDecoder {
  decode(bytes?: Uint8Array | ArrayBuffer): string;
}
declare const TextDecoder: new (
  label?: string,
  options?: { fatal?: boolean; ignoreBOM?: boolean },
) => TextDecoder;

interface TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}
declare const TextEncoder: new () => TextEncoder;

declare function atob(base64: string): string;

interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
}
interface Response {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null; has(name: string): boolean };
  readonly body: { getReader(): ByteReader } | null;
  clone(): Response;
  arrayBuffer(): Promise<ArrayBuffer>;
}
declare function fetch(url: string, options?: { readonly signal?: AbortSignal | null }): Promise<Response>;

declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  /** Compiled code. */
  type Module = object;
  interface Instance {
    readonly exports: Record<string, unknown>;
  }
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  function compile(bytes: ArrayBuffer): Promise<Module>;
  function instantiate(
    module: Module,
    imports: Record<string, Record<string, () => never>>,
  ): Promise<Instance>;
}
