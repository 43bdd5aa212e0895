/** Opens the built product's bare page, loads the library there once, and runs jobs on it. */
/* global window, document, atob, btoa -- in page.evaluate, but for atob */
import process from 'node:process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { browserAdvice, browserArguments, findBrowser } from '../scripts/find-browser.mjs';
import { StaticServer } from './static-server.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('../src/workers/pipeline-api.ts').JobStats} JobStats */

/** Where `npm run build` puts the pages. */
export const builtPage = fileURLToPath(new URL('../dist/page', import.meta.url));

/**
 * @typedef {object} PageJob
 * @property {readonly string[]} files on disk; the command names them without their folders
 * @property {readonly string[]} args of ffmpeg
 * @property {string} [output] whose size is wanted
 * @property {string} [text] an output that is read as text, such as `-dnn_timeline`'s
 */

/**
 * @typedef {object} PageJobResult
 * @property {number} seconds from the call of `exec` to its end; loading the
 * library and the files is not in it
 * @property {number} outputBytes
 * @property {string} text
 * @property {JobStats} stats
 */

/**
 * Calls a function with the page of the command line, on a server of its own.
 *
 * @template T
 * @param {(page: Page, server: StaticServer) => Promise<T>} use
 * @param {{ folders?: readonly string[], args?: readonly string[], without?: readonly string[] }}
 *   [options] what else the server has; switches that the browser is started with beside the usual ones,
 *   and usual ones that are left out
 * @returns {Promise<T>}
 * @throws {Error} where there is no Chromium
 */
export async function withProductPage(use, { folders = [], args = [], without = [] } = {}) {
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new Error(browserAdvice);
  const server = await StaticServer.start([builtPage, ...folders]);
  try {
    const usual = browserArguments().filter((argument) => !without.includes(argument));
    const browser = await chromium.launch({ executablePath, args: [...usual, ...args] });
    try {
      return await use(await openProductPage(await browser.newContext(), server), server);
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/**
 * Visits a page of the product.
 *
 * @param {import('playwright').BrowserContext} context
 * @param {StaticServer} server which has {@link builtPage}
 * @param {string} [path] the page of the command line if left out
 * @returns {Promise<Page>}
 */
export async function openProductPage(context, server, path = '/headless.html') {
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => {
    process.stderr.write(`page: ${message}\n`);
  });
  await page.goto(`${server.origin}${path}`);
  return page;
}

/**
 * Loads the library, unless an earlier job did.
 *
 * @param {Page} page
 */
export async function loadLibrary(page) {
  await page.evaluate(async () => {
    window.benchFFmpeg ??= new window.FFmpegDNN();
    await window.benchFFmpeg.load();
  });
}

/**
 * Runs one command.
 *
 * @param {Page} page of {@link withProductPage}
 * @param {PageJob} job
 * @returns {Promise<PageJobResult>}
 * @throws {Error} with ffmpeg's last words where it fails
 */
export async function runPageJob(page, { files, args, output, text }) {
  await loadLibrary(page);
  await page.setInputFiles('#files', [...files]);
  return page.evaluate(
    async (job) => {
      const ffmpeg = window.benchFFmpeg;
      if (ffmpeg === undefined) throw new Error('loadLibrary() comes first.');
      const chosen = document.querySelector('input')?.files ?? [];
      for (const [index, file] of Array.from(chosen).entries())
        await ffmpeg.writeFile(`/${job.names[index] ?? file.name}`, file);
      /** @type {string[]} */
      const log = [];
      const onLog = (/** @type {{ message: string }} */ { message }) => void log.push(message);
      ffmpeg.on('log', onLog);
      /** @type {JobStats | undefined} */
      let stats;
      const start = performance.now();
      const exitCode = await ffmpeg.exec(['-y', ...job.args], {
        onStats: (value) => {
          stats = value;
        },
      });
      const seconds = (performance.now() - start) / 1000;
      ffmpeg.off('log', onLog);
      if (exitCode !== 0 || stats === undefined)
        throw new Error(`ffmpeg ${job.args.join(' ')}\nended with ${exitCode}:\n${log.slice(-8).join('\n')}`);
      const outputBytes = job.output === undefined ? 0 : (await ffmpeg.readBlob(`/${job.output}`)).size;
      const text = job.text === undefined ? '' : String(await ffmpeg.readFile(`/${job.text}`, 'utf8'));
      return { seconds, outputBytes, text, stats };
    },
    { names: files.map((file) => basename(file)), args: [...args], output, text },
  );
}

/**
 * A file of the store, which an earlier job on the page wrote.
 *
 * @param {Page} page
 * @param {string} name
 * @returns {Promise<Uint8Array>}
 */
export async function readPageFile(page, name) {
  const text = await page.evaluate(async (path) => {
    const bytes = await window.benchFFmpeg?.readFile(path);
    if (!(bytes instanceof Uint8Array)) throw new Error('loadLibrary() comes first.');
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary);
  }, `/${name}`);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/**
 * Runs a command without a DNN filter.
 *
 * @param {Page} page
 * @param {readonly string[]} args
 * @returns {Promise<string>} the log
 * @throws {Error} where it fails
 */
export async function pageWords(page, args) {
  return page.evaluate(async (words) => {
    const ffmpeg = window.benchFFmpeg;
    if (ffmpeg === undefined) throw new Error('loadLibrary() comes first.');
    /** @type {string[]} */
    const log = [];
    const onLog = (/** @type {{ message: string }} */ { message }) => void log.push(message);
    ffmpeg.on('log', onLog);
    const exitCode = await ffmpeg.exec(['-y', ...words]);
    ffmpeg.off('log', onLog);
    if (exitCode !== 0) throw new Error(`ffmpeg ended with ${exitCode}: ${log.slice(-3).join(' / ')}`);
    return log.join('\n');
  }, args);
}
