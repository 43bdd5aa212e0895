/** Entry of an inference worker: one model, one request at a time. */
import { expose, transfer } from 'comlink';
import { DnnError } from '../base/errors.ts';
import { InferenceRunner } from '../dnn/inference-runner.ts';
import type { DNNBackendType, DNNModule } from '../dnn/interface.ts';
import type { AssetUrls } from './asset-urls.ts';
import type { InferenceApi } from './inference-api.ts';
import { holdLifeLock } from './life-lock.ts';
import { installErrorTransfer } from './error-transfer.ts';

installErrorTransfer();

let runner: InferenceRunner | undefined;

/** Each backend is code of its own, loaded when it is asked for. */
async function startBackend(backend: DNNBackendType, assets: AssetUrls): Promise<DNNModule> {
  if (backend === 'native') {
    const { createNativeModule } = await import('../backends/native/native-module.ts');
    return createNativeModule(assets);
  }
  const { createTensorflowModule } = await import('../backends/tensorflow/tensorflow-module.ts');
  return createTensorflowModule({ wasmURL: assets.tfjsWasmURL, simdWasmURL: assets.tfjsSimdWasmURL });
}

function loaded(call: string): InferenceRunner {
  if (runner === undefined) throw new DnnError('EINVAL', `${call} came before load().`);
  return runner;
}

const api: InferenceApi = {
  live: holdLifeLock,
  async load(backend, spec, assets) {
    const module = await startBackend(backend, assets);
    runner = new InferenceRunner(await module.loadModel(spec), spec.batchFree && module.capabilities.batch);
    return module.device;
  },
  plannedBytes(geometry) {
    if (runner === undefined) throw new DnnError('EINVAL', 'plannedBytes() came before load().');
    return runner.plannedBytes(geometry);
  },
  async execute(items, outBuffers) {
    const result = await loaded('execute()').run(items, outBuffers);
    return transfer(result, [...result.frames.map((frame) => frame.buffer), ...result.spent]);
  },
  async rowShares(frame, out, parts) {
    return loaded('rowShares()').rowShares(frame, out, parts);
  },
  close() {
    runner?.close();
    runner = undefined;
    return Promise.resolve();
  },
};

expose(api);
