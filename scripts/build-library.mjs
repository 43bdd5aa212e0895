/**
 * Builds dist/lib, what the package is made of: the page's side as modules that bundlers take in,
 * and everything that is fetched at run time as files that they only copy. Each worker is one file
 * without imports, found by `new URL('./….js', import.meta.url)`, so that no bundler compiles it
 * again, and none has to be configured.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundleServiceWorker } from './bundle-service-worker.mjs';
import { writeCustomElementsManifest } from './custom-elements-manifest.mjs';
import { libraryFiles } from './library-files.mjs';
import { writeLibraryTypes } from './library-types.mjs';
import { packageFolder, thirdPartyNotices } from './third-party-notices.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** Vite puts smaller files into the code as `data:` URLs, which the strict policy refuses. */
const inlinedBelow = 4096;

/** What the page imports, by the name of the built module. */
const pageEntries = {
  index: 'src/index.ts',
  // Apart from the rest, so that the readers of all model formats are left out where nothing is converted.
  'convert-model': 'src/page/convert-model.ts',
  element: 'src/element/define.ts',
  'headless-page': 'src/cli/headless-page.ts',
};

/** Modules that are fetched by URL, by the property of `load()`. */
const modules = /** @type {const} */ ({
  pipelineWorkerURL: 'src/entries/pipeline.worker.ts',
  inferenceWorkerURL: 'src/entries/inference.worker.ts',
  tensorflowWorkerURL: 'src/entries/tensorflow.worker.ts',
  onnxWorkerURL: 'src/entries/onnx.worker.ts',
  writerWorkerURL: 'src/entries/writer.worker.ts',
  codecWorkerURL: 'src/entries/codec.worker.ts',
  containerWorkerURL: 'src/entries/container.worker.ts',
  liveWorkerURL: 'src/entries/live.worker.ts',
  coreModuleURL: 'src/media/core-module.ts',
  classWorkerURL: 'src/media/core.worker.ts',
});

const tfjsFiles = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');
const coreFiles = join(packageFolder(require.resolve('@ffmpeg/core')) ?? '', 'dist', 'esm');

/** Files that are copied. */
const copies = /** @type {const} */ ({
  coreURL: join(coreFiles, 'ffmpeg-core.js'),
  wasmURL: join(coreFiles, 'ffmpeg-core.wasm'),
  tfjsWasmURL: join(tfjsFiles, 'tfjs-backend-wasm.wasm'),
  tfjsSimdWasmURL: join(tfjsFiles, 'tfjs-backend-wasm-simd.wasm'),
  ortWasmURL: require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'),
  simdKernelsURL: join(root, 'wasm/build/simd.wasm'),
  relaxedKernelsURL: join(root, 'wasm/build/relaxed.wasm'),
});

/**
 * In place of src/workers/default-asset-urls.ts: literal URLs in a function, which bundlers find, and
 * leave out where nobody calls it.
 *
 * @type {import('rolldown').Plugin}
 */
const assetUrls = {
  name: 'asset-urls',
  load(id) {
    if (!id.endsWith('/src/workers/default-asset-urls.ts')) return null;
    const urls = Object.entries(libraryFiles).map(
      ([name, file]) => `${name}: new URL('./${file}', import.meta.url).href`,
    );
    return `export function defaultAssetUrls() {\n  return { ${urls.join(',\n')} };\n}`;
  },
};

/**
 * @param {Record<string, string>} input
 * @param {string} folder
 * @param {import('rolldown').OutputOptions} options
 * @returns {Promise<import('rolldown').OutputChunk[]>}
 */
async function bundle(input, folder, options) {
  const build = await rolldown({
    cwd: root,
    input,
    platform: 'browser',
    plugins: [assetUrls],
    transform: { target: 'es2022', define: { 'process.env.NODE_ENV': '"production"' } },
    // @ffmpeg/ffmpeg's own worker is found by the URL that it is given.
    onLog: (level, log, print) => {
      if (level === 'warn') print('error', log);
    },
  });
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    // What both entries share is named after a folder otherwise.
    chunkFileNames: ({ name }) => (name === 'src' ? 'ffmpeg-dnn.js' : '[name].js'),
    ...options,
  });
  await build.close();
  return output.filter((file) => file.type === 'chunk');
}

/**
 * The page's side alone: for the build, and for the check of its size.
 *
 * @param {string} folder
 */
export function buildPageSide(folder) {
  return bundle(pageEntries, folder, {});
}

/** @param {string} folder */
async function buildModules(folder) {
  const chunks = [];
  for (const [name, source] of Object.entries(modules)) {
    const file = libraryFiles[/** @type {keyof typeof modules} */ (name)];
    const [chunk, ...others] = await bundle({ [basename(file, '.js')]: source }, folder, {
      codeSplitting: false,
      // Small enough to be inlined otherwise.
      minify: name !== 'classWorkerURL',
    });
    if (chunk === undefined || others.length > 0) throw new Error(`${source}: a worker has to be one file.`);
    chunks.push(chunk);
  }
  return chunks;
}

/** The page of the command line, which serves this folder. */
function writeHeadlessPage(/** @type {string} */ folder) {
  const page = readFileSync(join(root, 'headless.html'), 'utf8')
    .replace('/src/cli/headless-page.ts', './headless-page.js')
    .replace(/ *<link rel="icon".*\n/, '');
  writeFileSync(join(folder, 'headless.html'), page);
}

/** @param {string} folder is emptied first */
export async function buildLibrary(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'assets'), { recursive: true });
  /** @type {Map<string, Set<string>>} */
  const users = new Map();
  const use = (/** @type {string} */ source, /** @type {string} */ file) => {
    const owner = packageFolder(source);
    if (owner !== undefined) users.set(owner, (users.get(owner) ?? new Set()).add(file));
  };
  for (const { fileName, moduleIds } of [...(await buildPageSide(folder)), ...(await buildModules(folder))])
    for (const id of moduleIds) use(id, fileName);
  for (const [name, source] of Object.entries(copies)) {
    const file = libraryFiles[/** @type {keyof typeof copies} */ (name)];
    copyFileSync(source, join(folder, file));
    use(source, file);
  }
  for (const file of Object.values(libraryFiles)) {
    if (statSync(join(folder, file)).size < inlinedBelow)
      throw new Error(`${file} is small enough to be inlined by bundlers, which the strict policy refuses.`);
  }
  const isolation = await bundleServiceWorker(join(root, 'src/service-worker/ffmpeg-dnn-isolation.ts'));
  writeFileSync(join(folder, 'ffmpeg-dnn-isolation.js'), isolation);
  writeHeadlessPage(folder);
  writeFileSync(join(folder, 'THIRD_PARTY_NOTICES.txt'), thirdPartyNotices(users));
  writeLibraryTypes(join(root, 'src'), ['index.ts', 'element/define.ts'], join(folder, 'types'));
  writeCustomElementsManifest(
    join(root, 'src/element'),
    'dist/lib/element.js',
    join(folder, 'custom-elements.json'),
  );
}
