/** Hands what the command line asks for to one dedicated worker. */
import { wrap } from 'comlink';
import relaxedKernelsUrl from '../wasm/build/relaxed.wasm?url&no-inline';
import simdKernelsUrl from '../wasm/build/simd.wasm?url&no-inline';
import type { BenchApi } from './bench-api.ts';
import type { KernelFigure } from './kernel-bench.ts';

declare global {
  interface Window {
    startKernels(): Promise<void>;
    kernelRound(): Promise<readonly KernelFigure[]>;
  }
}

const worker = wrap<BenchApi>(new Worker(new URL('./bench.worker.ts', import.meta.url), { type: 'module' }));
const absolute = (url: string): string => new URL(url, import.meta.url).href;

window.startKernels = () =>
  worker.startKernels({ relaxed: absolute(relaxedKernelsUrl), simd: absolute(simdKernelsUrl) });
window.kernelRound = () => worker.kernelRound();
