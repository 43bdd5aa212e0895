/** Serves the built library and its page to the command line's own browser, and takes the outputs from it. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { pageHeaders } from '../../scripts/page-headers.mjs';
import { OutputStore } from './output-store.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

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

  /** @param folder of the built library */
  static async start(folder: string): Promise<PageServer> {
    const outputs = new OutputStore();
    const outputPath = `/outputs/${randomUUID()}`;
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const answering =
        url.pathname === outputPath
          ? answerOutput(outputs, request, response, url.searchParams)
          : answerFile(folder, url.pathname, response);
      answering.catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    return new PageServer(server, outputs, `http://127.0.0.1:${port}`, outputPath);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#outputs.close();
  }
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

async function answerFile(folder: string, pathname: string, response: ServerResponse): Promise<void> {
  const path = join(folder, normalize(decodeURIComponent(pathname)));
  const found = path.startsWith(folder) ? await stat(path).catch(() => undefined) : undefined;
  if (found?.isFile() !== true) {
    response.writeHead(404, pageHeaders).end('not found');
    return;
  }
  const type = contentTypes[extname(path)] ?? 'application/octet-stream';
  response.writeHead(200, { ...pageHeaders, 'Content-Type': type, 'Content-Length': found.size });
  createReadStream(path).pipe(response);
}
