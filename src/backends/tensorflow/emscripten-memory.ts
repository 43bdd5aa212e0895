/** The memory of tfjs's WebAssembly module, and what to do where it ends. */
import { DnnError } from '../../base/errors.ts';

/**
 * What BackendWasm holds of its Emscripten module, as far as it is used here; tfjs
 * does not publish a type for it.
 */
export interface EmscriptenMemory {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/**
 * Makes a tensor for which there is no memory fail with `ENOMEM`. tfjs does not look at malloc's result: it
 * would write to address 0 and corrupt its own heap.
 */
export function refuseFailedAllocations(wasm: EmscriptenMemory): void {
  // The first call replaces the exported stub by the real function.
  wasm._free(wasm._malloc(4));
  const malloc = wasm._malloc.bind(wasm);
  wasm._malloc = (bytes: number): number => {
    // Emscripten takes the size modulo 2^32.
    const address = bytes < 2 ** 32 ? malloc(bytes) : 0;
    if (address === 0 && bytes > 0) {
      throw new DnnError(
        'ENOMEM',
        `dnn_backend=tensorflow: out of memory after ${(wasm.HEAPU8.byteLength / 2 ** 20).toFixed(0)} MiB, ` +
          `${bytes} bytes more are needed; scale the frames down before the filter, or lower nireq or batch_size.`,
        { bytes, heapBytes: wasm.HEAPU8.byteLength },
      );
    }
    return address;
  };
}
