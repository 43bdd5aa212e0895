/** No bundler: the package's files are copied beside the page as they are. */
import { cpSync } from 'node:fs';

cpSync('node_modules/ffmpeg-dnn-wasm/dist/lib', 'dist/ffmpeg-dnn', { recursive: true });
for (const file of ['index.html', 'main.js', 'double.pb']) cpSync(file, `dist/${file}`);
