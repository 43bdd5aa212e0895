/**
 * Serves folders as a static host does, compressed and with long-lived caching, and
 * counts the bytes that it sends.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pageHeaders } from '../scripts/page-headers.mjs';

/**
 * One answer.
 *
 * @typedef {object} Transfer
 * @property {string} path of the URL
 * @property {number} status 200, 304 or 404
 * @property {number} bytes of the body as sent
 * @property {number} fileBytes of the file, 0 where there is none
 * @property {string} destination as the browser names it: `document`, `script`,
 * `worker`, `empty` for a fetch, …
 * @property {string} referrer path of the page or script that asked
 */

/** @typedef {{ body: Buffer, fileBytes: number, headers: Record<string, string> }} Answer */

/** @type {Readonly<Record<string, string>>} */
const contentTypes = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mp4': 'video/mp4',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** What static hosts compress without being asked: text and wasm. */
const compressed = new Set(['.css', '.html', '.js', '.json', '.svg', '.wasm']);

export class StaticServer {
  /** @type {Transfer[]} in the order of the answers; the user may empty it */
  transfers = [];
  origin = '';
  /** @readonly */
  #server;
  /** @type {Map<string, Promise<Answer | undefined>>} */
  #answers = new Map();

  /**
   * @param {readonly string[]} folders the first that has a path's file answers
   * @param {Readonly<Record<string, string>>} headers of every answer
   */
  constructor(folders, headers) {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const path = decodeURIComponent(pathname).replace(/\/$/, '/index.html');
      const answering = this.#answerOf(folders, path).then((answer) => {
        const known = answer !== undefined && request.headers['if-none-match'] === answer.headers['ETag'];
        const status = answer === undefined ? 404 : known ? 304 : 200;
        const body = answer === undefined || known ? Buffer.alloc(0) : answer.body;
        const { referer = '', 'sec-fetch-dest': destination = '' } = request.headers;
        this.transfers.push({
          path: pathname,
          status,
          bytes: body.length,
          fileBytes: answer?.fileBytes ?? 0,
          destination: [destination].flat().join(),
          referrer: referer === '' ? '' : new URL(referer).pathname,
        });
        response.writeHead(status, { ...headers, ...answer?.headers }).end(body);
      });
      answering.catch((/** @type {unknown} */ error) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
  }

  /**
   * @param {readonly string[]} folders
   * @param {Readonly<Record<string, string>>} [headers] of every answer
   * @returns {Promise<StaticServer>}
   */
  static async start(folders, headers = pageHeaders) {
    const server = new StaticServer(folders, headers);
    await new Promise((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(0, '127.0.0.1', () => {
        resolve(undefined);
      });
    });
    const address = server.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    server.origin = `http://127.0.0.1:${address.port}`;
    return server;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * Compressed once, so that later rounds measure the transfer alone.
   *
   * @param {readonly string[]} folders
   * @param {string} pathname
   */
  #answerOf(folders, pathname) {
    const known = this.#answers.get(pathname) ?? readAnswer(folders, pathname);
    this.#answers.set(pathname, known);
    return known;
  }
}

/**
 * @param {readonly string[]} folders
 * @param {string} pathname
 * @returns {Promise<Answer | undefined>} undefined where no folder has the file
 */
async function readAnswer(folders, pathname) {
  for (const folder of folders) {
    const path = join(folder, normalize(pathname));
    if (!path.startsWith(folder)) continue;
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) continue;
    const file = await readFile(path);
    const extension = extname(path);
    const zips = compressed.has(extension);
    const body = zips ? gzipSync(file) : file;
    // The bundler puts a hash of the content into the names below assets/.
    const isHashed = pathname.includes('/assets/');
    return {
      body,
      fileBytes: file.length,
      headers: {
        'Content-Type': contentTypes[extension] ?? 'application/octet-stream',
        'Content-Length': String(body.length),
        'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        ETag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`,
        ...(zips ? { 'Content-Encoding': 'gzip' } : {}),
      },
    };
  }
  return undefined;
}
