/** esbuild leaves `new URL('…', import.meta.url)` alone: the package's files are copied, and named in `load({ baseURL })`. */
import { cpSync } from 'node:fs';
import { build } from 'esbuild';

await build({
  entryPoints: ['main.js'],
  bundle: true,
  format: 'esm',
  minify: true,
  splitting: true,
  outdir: 'dist',
});
cpSync('node_modules/ffmpeg-dnn-wasm/dist/lib', 'dist/static/ffmpeg-dnn', { recursive: true });
for (const file of ['index.html', 'double.pb']) cpSync(file, `dist/${file}`);
