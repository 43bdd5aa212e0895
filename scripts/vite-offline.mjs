/**
 * Vite plugin: the demo's service worker, which knows the files of the build by name and content, and beside
 * it the one that adds headers alone.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundleServiceWorker } from './bundle-service-worker.mjs';

/** Fetched when they are used: much code that few jobs need, and models beside the demo's own. */
const onUse = /tensorflow|tfjs|onnx|ort-wasm|^models\/(?!anime4k)/;

/** What no visitor of the demo asks for. */
const unwanted = /^_headers$/;

/** @returns {import('vite').Plugin} */
export function offline() {
  /** @type {import('vite').ResolvedConfig | undefined} */
  let config;
  return {
    name: 'offline',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    async writeBundle({ dir }, bundle) {
      if (config === undefined || dir === undefined) return;
      const { root, publicDir } = config;
      /** @type {Record<string, string>} */
      const revisions = { 'index.html': revision(readFileSync(join(dir, 'index.html'))) };
      for (const path of [...demoFiles(bundle), ...filesBelow(publicDir)].toSorted())
        if (!unwanted.test(path))
          revisions[path] = path.startsWith('assets/') ? '' : revision(readFileSync(join(dir, path)));
      const ahead = Object.keys(revisions).filter((path) => !onUse.test(path));
      const version = revision(JSON.stringify(revisions));
      const files = JSON.stringify({ version, page: 'index.html', revisions, ahead });
      const source = (/** @type {string} */ name) => join(root, 'src/service-worker', `${name}.ts`);
      const names = { 'ffmpeg-dnn-offline': { offlineFiles: files }, 'ffmpeg-dnn-isolation': {} };
      for (const [name, define] of Object.entries(names))
        writeFileSync(join(dir, `${name}.js`), await bundleServiceWorker(source(name), define));
    },
  };
}

/** @param {string | Buffer} content */
function revision(content) {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/**
 * The code that the demo's page can ask for, and every file that code names: not the code of the other pages.
 *
 * @param {import('rolldown').OutputBundle} bundle
 */
function demoFiles(bundle) {
  /** @type {Set<string>} */
  const found = new Set();
  const add = (/** @type {string} */ name) => {
    const file = bundle[name];
    if (file?.type !== 'chunk' || found.has(name)) return;
    found.add(name);
    for (const other of [...file.imports, ...file.dynamicImports]) add(other);
  };
  const outputs = Object.values(bundle);
  for (const file of outputs) {
    // core-module is no entry of a page: it is fetched by its URL.
    const isWanted = file.type === 'chunk' && (file.name === 'demo' || file.name === 'core-module');
    if (isWanted) add(file.fileName);
  }
  for (const { type, fileName } of outputs)
    if (type === 'asset' && fileName.startsWith('assets/')) found.add(fileName);
  return found;
}

/** @param {string} folder */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
