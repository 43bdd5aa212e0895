import { defineConfig } from 'vitest/config';

// Node 20 has relaxed SIMD behind a switch, which later versions no longer know.
const execArgv = process.versions.node.startsWith('20.') ? ['--experimental-wasm-relaxed-simd'] : [];

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    execArgv,
  },
});
