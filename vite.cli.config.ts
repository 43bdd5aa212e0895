import { defineConfig } from 'vite';

/**
 * The Node side of the command line in few files; only Playwright, which is the user's own, stays an import.
 */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist/cli',
    target: 'node20',
    emptyOutDir: true,
    rolldownOptions: {
      input: 'src/cli/ffmpeg-dnn.ts',
      external: ['playwright'],
    },
  },
  ssr: { noExternal: true },
});
