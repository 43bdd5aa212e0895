/** Entry of the bench page's worker: everything that is timed runs here, as inference does in the product. */
import { expose } from 'comlink';
import type { BenchApi } from './bench-api.ts';
import { KernelBench } from './kernel-bench.ts';

let kernels: KernelBench | undefined;

const api: BenchApi = {
  async startKernels(urls) {
    kernels = await KernelBench.start(urls);
  },
  kernelRound() {
    if (kernels === undefined) throw new Error('startKernels() comes first.');
    return Promise.resolve(kernels.round());
  },
};

expose(api);
