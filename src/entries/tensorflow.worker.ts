/** Entry of an inference worker with tfjs: a file of its own, since tfjs is much code. */
import { createTensorflowModule } from '../backends/tensorflow/tensorflow-module.ts';
import { exposeInference } from '../workers/expose-inference.ts';

exposeInference(({ tfjsWasmURL, tfjsSimdWasmURL }) =>
  createTensorflowModule({ wasmURL: tfjsWasmURL, simdWasmURL: tfjsSimdWasmURL }),
);
