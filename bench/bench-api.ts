/** What the bench page's worker can do. */
import type { KernelFigure, KernelUrls } from './kernel-bench.ts';

/** Times are taken in the worker. */
export interface BenchApi {
  /** Makes the kernels ready. */
  startKernels(urls: KernelUrls): Promise<void>;
  /** One round of all layers on both builds. */
  kernelRound(): Promise<readonly KernelFigure[]>;
}
