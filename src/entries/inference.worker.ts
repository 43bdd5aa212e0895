/** Entry of an inference worker with this project's own kernels. */
import { createNativeModule } from '../backends/native/native-module.ts';
import { exposeInference } from '../workers/expose-inference.ts';

exposeInference(createNativeModule);
