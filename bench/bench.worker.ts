/** Entry of the bench page's worker: everything that is timed runs here, as inference does in the product. */
import { expose } from 'comlink';
import { BackendBench } from './backend-bench.ts';
import type { BenchApi } from './bench-api.ts';
import { KernelBench } from './kernel-bench.ts';
import { layerTimes } from './layer-times.ts';
import { memoryOf } from './memory-of.ts';
import { stockCoreMs } from './stock-core.ts';

let kernels: KernelBench | undefined;
let backends: BackendBench | undefined;

const api: BenchApi = {
  async startKernels({ relaxedKernelsURL, simdKernelsURL }) {
    kernels = await KernelBench.start({ relaxed: relaxedKernelsURL, simd: simdKernelsURL });
  },
  kernelRound() {
    if (kernels === undefined) throw new Error('startKernels() comes first.');
    return Promise.resolve(kernels.round());
  },
  async startBackends(network, assets) {
    backends = await BackendBench.start(network, assets);
    return backends.differences;
  },
  referenceResult() {
    if (backends === undefined) throw new Error('startBackends() comes first.');
    return Promise.resolve(backends.reference);
  },
  backendRound() {
    if (backends === undefined) throw new Error('startBackends() comes first.');
    return backends.round();
  },
  memoryOf,
  stockCoreMs,
  layerTimes,
};

expose(api);
