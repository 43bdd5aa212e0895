/** Builds the page on which other projects run, apart from the product's own pages. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = join(root, 'node_modules');
const upscalerModels = join(packages, '@upscalerjs', 'default-model', 'models');

/**
 * @param {string} folder for everything that the benchmarks write
 * @returns {Promise<string[]>} folders to be served: the page is /bench/peers.html, UpscalerJS's default
 * network /model.json, tfjs's binaries beside it
 */
export async function buildPeers(folder) {
  const outDir = join(folder, 'peers');
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      outDir,
      target: 'es2022',
      assetsInlineLimit: 0,
      emptyOutDir: true,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: { input: join(root, 'bench', 'peers.html') },
    },
    worker: { format: 'es' },
  });
  return [outDir, upscalerModels, join(packages, '@tensorflow', 'tfjs-backend-wasm', 'wasm-out')];
}

/** UpscalerJS's default network on disk: its topology, then its weights. */
export function upscalerModelFiles() {
  return ['model.json', 'group1-shard1of1.bin'].map((name) => join(upscalerModels, name));
}
