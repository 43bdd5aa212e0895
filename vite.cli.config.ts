import { defineConfig } from 'vite';

/** The Node side of the command line as one file; its packages stay imports. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'dist/cli',
    target: 'node20',
    emptyOutDir: true,
  },
});
