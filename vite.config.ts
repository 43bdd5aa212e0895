import { defineConfig } from 'vite';
import { moduleUrl } from './scripts/vite-module-url.mjs';
import { offline } from './scripts/vite-offline.mjs';
import { pageHeaders } from './scripts/page-headers.mjs';

export default defineConfig({
  plugins: [moduleUrl(), offline()],
  build: {
    outDir: 'dist/page',
    target: 'es2022',
    // The wasm files are fetched by URL and streamed into the compiler; inlined as
    // base64 they would be parsed as text.
    assetsInlineLimit: 0,
    rollupOptions: {
      // The specs' own pages are built too, so that they run on what is built.
      input: {
        demo: 'index.html',
        headless: 'headless.html',
        engine: 'e2e/engine.html',
        live: 'e2e/live.html',
        stock: 'e2e/stock.html',
        element: 'e2e/element.html',
      },
    },
  },
  worker: { format: 'es' },
  // The codec is loaded by URL at run time, and its class starts a worker relative to its own file.
  optimizeDeps: {
    exclude: ['@ffmpeg/ffmpeg', '@ffmpeg/core'],
    // Vite does not look for packages behind `new Worker`; found later, they would reload
    // the page in the middle of a job.
    entries: ['*.html', 'src/entries/*.worker.ts'],
  },
  server: { headers: pageHeaders },
  preview: { headers: pageHeaders },
});
