/** Serves the built library and its page to the command line's own browser, and takes the outputs from it. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pageHeaders } from '../../scripts/page-headers.mjs';
import { OutputStore } from './output-store.ts';
import { refusedRequest } from './trusted-request.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** What a request asks for. */
interface Wish {
  /** With `%` sequences decoded. */
  readonly pathname: string;
  readonly query: URLSearchParams;
}

export class PageServer {
  readonly #server: Server;
  readonly #outputs: OutputStore;
  readonly origin: string;
  /** Takes outputs; the random part keeps other pages of this machine's browsers from writing files. */
  readonly outputUrl: string;

  private constructor(server: Server, outputs: OutputStore, origin: string, outputPath: string) {
    this.#server = server;
    this.#outputs = outputs;
    this.origin = origin;
    this.outputUrl = `${origin}${outputPath}`;
  }

  /**
   * @param folder of the built library
   * @param mayWrite whether the command writes the file of this absolute path
   */
  static async start(folder: string, mayWrite: (path: string) => boolean): Promise<PageServer> {
    const outputs = new OutputStore(mayWrite);
    const outputPath = `/outputs/${randomUUID()}`;
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const host = `127.0.0.1:${port}`;
    server.on('request', (request, response) => {
      // A connection that ends in the middle is the other side's affair, and no error of the job.
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      const answering = async (): Promise<void> => {
        const refusal = refusedRequest(request.headers, host);
        const wish = wishOf(request);
        if (refusal !== undefined) refuse(response, 403, refusal);
        else if (wish === undefined) refuse(response, 400, 'this address cannot be read');
        else if (wish.pathname === outputPath) await answerOutput(outputs, request, response, wish.query);
        else await answerFile(folder, wish.pathname, request, response);
      };
      answering().catch(() => response.destroy());
    });
    // Bytes that are no HTTP.
    server.on('clientError', (_error: Error, socket: Socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      else socket.destroy();
    });
    return new PageServer(server, outputs, `http://${host}`, outputPath);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#outputs.close();
  }
}

/** Undefined for an address that is none, such as `//` or `/%zz`. */
function wishOf({ url = '/' }: IncomingMessage): Wish | undefined {
  try {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const decoded = decodeURIComponent(pathname);
    return decoded.includes('\0') ? undefined : { pathname: decoded, query: searchParams };
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { ...pageHeaders, Connection: 'close' }).end(reason);
}

async function answerOutput(
  outputs: OutputStore,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const { status, body } = await outputs.handle(request, query);
  response.writeHead(status, pageHeaders).end(body);
}

async function answerFile(
  folder: string,
  pathname: string,
  { method }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (method !== 'GET') {
    refuse(response, 405, 'files are read only');
    return;
  }
  const path = join(folder, normalize(pathname));
  const found = path.startsWith(folder + sep) ? await stat(path).catch(() => undefined) : undefined;
  if (found?.isFile() !== true) {
    response.writeHead(404, pageHeaders).end('not found');
    return;
  }
  const type = contentTypes[extname(path)] ?? 'application/octet-stream';
  response.writeHead(200, { ...pageHeaders, 'Content-Type': type, 'Content-Length': found.size });
  await pipeline(createReadStream(path), response);
}
