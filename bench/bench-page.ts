/** Hands what the command line asks for to one dedicated worker. */
import { wrap, type Remote } from 'comlink';
import type { BenchApi } from './bench-api.ts';
import { benchAssets, type BenchAssets } from './bench-assets.ts';

declare global {
  interface Window {
    readonly bench: Remote<BenchApi>;
    readonly benchAssets: BenchAssets;
  }
}

const worker = new Worker(new URL('./bench.worker.ts', import.meta.url), { type: 'module' });
Object.assign(window, { bench: wrap<BenchApi>(worker), benchAssets });
