/**
 * Where the bundler of this repository puts every file that is fetched at run time. The build of the package
 * has another module in place of this one, with the same function: see scripts/build-library.mjs.
 */
import ffmpegCoreUrl from '@ffmpeg/core?url&no-inline';
import ffmpegWasmUrl from '@ffmpeg/core/wasm?url&no-inline';
import tfjsWasmUrl from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url&no-inline';
import tfjsSimdWasmUrl from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url&no-inline';
import ortWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url&no-inline';
import relaxedKernelsUrl from '../../wasm/build/relaxed.wasm?url&no-inline';
import simdKernelsUrl from '../../wasm/build/simd.wasm?url&no-inline';
import codecWorkerUrl from '../entries/codec.worker.ts?worker&url';
import containerWorkerUrl from '../entries/container.worker.ts?worker&url';
import inferenceWorkerUrl from '../entries/inference.worker.ts?worker&url';
import liveWorkerUrl from '../entries/live.worker.ts?worker&url';
import pipelineWorkerUrl from '../entries/pipeline.worker.ts?worker&url';
import onnxWorkerUrl from '../entries/onnx.worker.ts?worker&url';
import tensorflowWorkerUrl from '../entries/tensorflow.worker.ts?worker&url';
import writerWorkerUrl from '../entries/writer.worker.ts?worker&url';
import coreModuleUrl from '../media/core-module.ts?moduleurl';
import classWorkerUrl from '../media/core.worker.ts?worker&url';
import type { AssetUrls } from './asset-urls.ts';

/** The self-hosted files, as absolute URLs. */
export function defaultAssetUrls(): AssetUrls {
  const absolute = (url: string): string => new URL(url, import.meta.url).href;
  return {
    pipelineWorkerURL: absolute(pipelineWorkerUrl),
    inferenceWorkerURL: absolute(inferenceWorkerUrl),
    tensorflowWorkerURL: absolute(tensorflowWorkerUrl),
    onnxWorkerURL: absolute(onnxWorkerUrl),
    writerWorkerURL: absolute(writerWorkerUrl),
    codecWorkerURL: absolute(codecWorkerUrl),
    containerWorkerURL: absolute(containerWorkerUrl),
    liveWorkerURL: absolute(liveWorkerUrl),
    classWorkerURL: absolute(classWorkerUrl),
    coreModuleURL: absolute(coreModuleUrl),
    coreURL: absolute(ffmpegCoreUrl),
    wasmURL: absolute(ffmpegWasmUrl),
    tfjsWasmURL: absolute(tfjsWasmUrl),
    tfjsSimdWasmURL: absolute(tfjsSimdWasmUrl),
    ortWasmURL: absolute(ortWasmUrl),
    simdKernelsURL: absolute(simdKernelsUrl),
    relaxedKernelsURL: absolute(relaxedKernelsUrl),
  };
}
