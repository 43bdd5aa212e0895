/** The exports of wasm/assembly/index.ts, by name; addresses and sizes are in bytes unless said. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  /** First byte address that is free for the caller. */
  heapBase(): number;
}
