/** Entry of an inference worker: one model, one request at a time. */
import { expose, transfer } from 'comlink';
import { createTensorflowModule } from '../backends/tensorflow/tensorflow-module.ts';
import { DnnError } from '../base/errors.ts';
import { InferenceRunner } from '../dnn/inference-runner.ts';
import type { InferenceApi } from './inference-api.ts';
import { holdLifeLock } from './life-lock.ts';
import { installErrorTransfer } from './error-transfer.ts';

installErrorTransfer();

let runner: InferenceRunner | undefined;

const api: InferenceApi = {
  live: holdLifeLock,
  async load(backend, spec, assets) {
    if (backend !== 'tensorflow') {
      throw new DnnError(
        'ENOSYS',
        `dnn_backend=${backend} is not part of this build; use dnn_backend=tensorflow.`,
      );
    }
    const module = await createTensorflowModule({
      wasmURL: assets.tfjsWasmURL,
      simdWasmURL: assets.tfjsSimdWasmURL,
    });
    runner = new InferenceRunner(await module.loadModel(spec), spec.batchFree && module.capabilities.batch);
    return module.device;
  },
  async execute(items, outBuffers) {
    if (runner === undefined) throw new DnnError('EINVAL', 'execute() came before load().');
    const result = await runner.run(items, outBuffers);
    return transfer(result, [...result.frames.map((frame) => frame.buffer), ...result.spent]);
  },
  close() {
    runner?.close();
    runner = undefined;
    return Promise.resolve();
  },
};

expose(api);
