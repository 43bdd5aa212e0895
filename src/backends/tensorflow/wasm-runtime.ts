/** Starts tfjs's WebAssembly backend once per thread: single-threaded, SIMD where the engine has it. */
import {
  backend,
  enableProdMode,
  env,
  setBackend,
  type DataStorage,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { download } from '../../base/download.ts';
import { DnnError, errorMessage } from '../../base/errors.ts';
import { addConverterOps } from './converter-additions.ts';
import { refuseFailedAllocations, type EmscriptenMemory } from './emscripten-memory.ts';
import { mendKernels } from './kernels/mend-kernels.ts';

/** URLs of tfjs-backend-wasm's two single-threaded binaries; in Node, file paths. */
export interface TensorflowAssets {
  readonly simdWasmURL: string;
  readonly wasmURL: string;
}

/** The running backend. */
export interface WasmRuntime {
  readonly device: 'wasm-simd' | 'wasm';
  /** Bytes of the WebAssembly memory: all weights and tensors of this thread live in it. It never shrinks. */
  heapBytes(): number;
  /**
   * The values of a float32 tensor where they lie in the WebAssembly memory: valid until the next operation.
   */
  floatsOf(tensor: Tensor): Float32Array;
  /**
   * Runs one piece of asynchronous work at a time. Work that awaits between tensor operations must not
   * overlap with other work: tfjs has one stack of scopes per thread.
   */
  inTurn<T>(work: () => Promise<T> | T): Promise<T>;
}

/** What BackendWasm holds, as far as it is used here; tfjs does not publish a type for all of it. */
interface StartedBackend {
  readonly wasm: EmscriptenMemory;
  readonly dataIdMap: DataStorage<{ readonly memoryOffset: number }>;
}

let started: Promise<WasmRuntime> | undefined;

/**
 * The backend of this thread; the first call's assets count. tfjs cannot be started a second time: after a
 * failure every call fails in the same way, and a new worker has to be made.
 *
 * @throws DnnError `EIO` where the WebAssembly file does not load.
 */
export function startWasmRuntime(assets: TensorflowAssets): Promise<WasmRuntime> {
  started ??= start(assets);
  return started;
}

async function start(assets: TensorflowAssets): Promise<WasmRuntime> {
  enableProdMode();
  // The threaded build starts workers from blobs, which a strict Content-Security-Policy refuses; frames are
  // spread over inference workers instead. Must be set before the backend starts.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const simd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const url = simd ? assets.simdWasmURL : assets.wasmURL;
  let running: boolean;
  try {
    // In Node it is a path, which tfjs reads by itself.
    const isFetched = URL.canParse(url);
    if (isFetched) await fetchAhead(url);
    setWasmPaths(
      {
        'tfjs-backend-wasm.wasm': assets.wasmURL,
        'tfjs-backend-wasm-simd.wasm': assets.simdWasmURL,
        // Never fetched, but setWasmPaths wants all three names.
        'tfjs-backend-wasm-threaded-simd.wasm': assets.simdWasmURL,
      },
      isFetched,
    );
    running = await setBackend('wasm');
  } catch (thrown) {
    throw startError(url, errorMessage(thrown));
  }
  if (!running) throw startError(url, 'the file did not load or is no WebAssembly module');
  const { wasm, dataIdMap } = backend() as unknown as StartedBackend;
  refuseFailedAllocations(wasm);
  mendKernels();
  addConverterOps();
  let last: Promise<unknown> = Promise.resolve();
  return {
    device: simd ? 'wasm-simd' : 'wasm',
    heapBytes: () => wasm.HEAPU8.byteLength,
    floatsOf: ({ dataId, size }) =>
      // HEAPU8 is another array after each growth of the memory.
      new Float32Array(wasm.HEAPU8.buffer, dataIdMap.get(dataId).memoryOffset, size),
    inTurn(work) {
      const result = last.then(work);
      last = result.catch(() => undefined);
      return result;
    },
  };
}

/** Left to itself tfjs waits for ever where the file does not come. */
async function fetchAhead(url: string): Promise<void> {
  const bytes = await download(url, (response) => response.arrayBuffer());
  env().platform.fetch = () => Promise.resolve(new Response(bytes));
}

function startError(url: string, reason: string): DnnError {
  return new DnnError(
    'EIO',
    `dnn_backend=tensorflow: cannot start tfjs from ${url}: ${reason}. Check that the server sends this file.`,
    { url },
  );
}
