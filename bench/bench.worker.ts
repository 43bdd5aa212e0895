/** Entry of the bench page's worker: everything that is timed runs here, as inference does in the product. */
import { expose } from 'comlink';
import { BackendBench } from './backend-bench.ts';
import type { BenchApi } from './bench-api.ts';
import { gpuAdapter, GpuBackend } from './gpu-backend.ts';
import { KernelBench } from './kernel-bench.ts';
import { layerTimes } from './layer-times.ts';
import { arenaBytes, memoryOf } from './memory-of.ts';
import { memoryRate } from './memory-rate.ts';
import { simdFeatures } from './simd-features.ts';
import { nativeOverSizes } from './native-over-sizes.ts';
import { stockCoreMs } from './stock-core.ts';

let kernels: KernelBench | undefined;
let backends: BackendBench | undefined;
let gpu: GpuBackend | undefined;

const api: BenchApi = {
  simdFeatures() {
    return Promise.resolve(simdFeatures());
  },
  memoryRate() {
    return Promise.resolve(memoryRate());
  },
  async startKernels({ relaxedKernelsURL, simdKernelsURL }) {
    kernels = await KernelBench.start({ relaxed: relaxedKernelsURL, simd: simdKernelsURL });
  },
  kernelRound() {
    if (kernels === undefined) throw new Error('startKernels() comes first.');
    return Promise.resolve(kernels.round());
  },
  async startBackends(network, assets, wanted) {
    backends = await BackendBench.start(network, assets, wanted);
    return backends.started;
  },
  referenceResult() {
    if (backends === undefined) throw new Error('startBackends() comes first.');
    return Promise.resolve(backends.reference);
  },
  backendRound() {
    if (backends === undefined) throw new Error('startBackends() comes first.');
    return backends.round();
  },
  gpuAdapter,
  async startGpu(backend, network, effort) {
    const { started, ...start } = await GpuBackend.start(backend, network, effort);
    gpu = started;
    return start;
  },
  gpuRound() {
    if (gpu === undefined) throw new Error('startGpu() comes first.');
    return gpu.round();
  },
  gpuResult() {
    if (gpu === undefined) throw new Error('startGpu() comes first.');
    return Promise.resolve(gpu.result);
  },
  arenaBytes,
  memoryOf,
  nativeOverSizes,
  stockCoreMs,
  layerTimes,
};

expose(api);
