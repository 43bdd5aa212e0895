/** Entry of an inference worker with ONNX Runtime: a file of its own, fetched where a model needs it. */
import { createOnnxModule } from '../backends/onnx/onnx-module.ts';
import { exposeInference } from '../workers/expose-inference.ts';

exposeInference(({ ortWasmURL }) => createOnnxModule({ ortWasmURL }));
