import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// Node 20 has relaxed SIMD behind a switch, which later versions no longer know.
const execArgv = process.versions.node.startsWith('20.') ? ['--experimental-wasm-relaxed-simd'] : [];

const files = ['src', 'scripts', 'bench'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
);

/** A file that puts something in the place of a module or of a global has modules of its own. */
const isolated = files.filter((file) => /\bvi\.(mock|stubGlobal)\(/.test(readFileSync(file, 'utf8')));
const others = files.filter((file) => !isolated.includes(file));

const common = { environment: 'node', testTimeout: 60_000, execArgv } as const;

// The others share theirs, file after file: to load the modules anew for each takes as long as the tests.
export default defineConfig({
  test: {
    projects: [
      { test: { ...common, name: 'shared', include: others, isolate: false } },
      { test: { ...common, name: 'isolated', include: isolated } },
    ],
  },
});
