/** Starts ONNX Runtime's WebAssembly in this thread: one thread of its own, no worker, no code by address. */
import * as ort from 'onnxruntime-web/wasm';
import { download } from '../../base/download.ts';
import { DnnError, errorMessage } from '../../base/errors.ts';

/** URL of onnxruntime-web's `ort-wasm-simd-threaded.wasm`. */
export interface OnnxAssets {
  readonly ortWasmURL: string;
}

let started: Promise<void> | undefined;

/**
 * Fetches the WebAssembly; the first call's assets count.
 *
 * @throws DnnError `EIO` where the file does not load. It cannot be started a second time in this thread.
 */
export function startOrt({ ortWasmURL }: OnnxAssets): Promise<void> {
  started ??= start(ortWasmURL);
  return started;
}

async function start(url: string): Promise<void> {
  const { wasm } = ort.env;
  // More threads are workers from blobs, which a strict Content-Security-Policy refuses; frames are spread
  // over inference workers instead.
  wasm.numThreads = 1;
  wasm.proxy = false;
  ort.env.logLevel = 'error';
  try {
    wasm.wasmBinary = await download(url, (response) => response.arrayBuffer());
  } catch (thrown) {
    throw new DnnError(
      'EIO',
      `dnn_backend=onnx: cannot start ONNX Runtime from ${url}: ${errorMessage(thrown)}. Check that the server ` +
        'sends this file.',
      { url },
      { cause: thrown },
    );
  }
}
