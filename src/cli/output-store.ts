/**
 * Takes the bytes of output files over HTTP and puts them to disk; the server's
 * side of media/output/http-file.ts.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { resolve } from 'node:path';

/** What to answer. */
export interface OutputAnswer {
  readonly status: number;
  readonly body: Uint8Array | string;
}

/** Path under which the page sends what ffmpeg writes to its standard output. */
const stdoutPath = 'pipe:1';

/** Bytes of one request or answer; the page sends and asks for at most 1 MiB. */
const mostBytes = 4 * 1024 * 1024;

/** A request that no page of this project sends. */
class BadRequest extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > mostBytes) throw new BadRequest(413, `a body has at most ${mostBytes} bytes`);
  }
  return Buffer.concat(parts);
}

/** A count of bytes; 0 where it is not given. */
function bytesIn(query: URLSearchParams, name: string, most = Number.MAX_SAFE_INTEGER): number {
  const text = query.get(name) ?? '0';
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) throw new BadRequest(400, `${name}=${text} is no count of bytes`);
  return value;
}

export class OutputStore {
  readonly #handles = new Map<string, FileHandle>();
  readonly #mayWrite: (path: string) => boolean;

  /** @param mayWrite whether the command writes the file of this absolute path. */
  constructor(mayWrite: (path: string) => boolean) {
    this.#mayWrite = mayWrite;
  }

  /** Handles one request; a failure of the disk becomes an answer with its reason. */
  async handle(request: IncomingMessage, query: URLSearchParams): Promise<OutputAnswer> {
    const path = query.get('path');
    if (path === null) return { status: 400, body: 'path is missing' };
    try {
      for (const name of [path, query.get('rename') ?? path]) this.#requireOutput(name);
      return path === stdoutPath ? await toStdout(request, query) : await this.#file(request, path, query);
    } catch (error) {
      if (error instanceof BadRequest) return { status: error.status, body: error.message };
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      const status = code === 'ENOSPC' || code === 'EDQUOT' ? 507 : 500;
      return { status, body: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Closes what is still open, after the last request. */
  async close(): Promise<void> {
    const handles = [...this.#handles.values()];
    this.#handles.clear();
    await Promise.all(handles.map((handle) => handle.close()));
  }

  #requireOutput(path: string): void {
    if (path === stdoutPath || (resolve(path) === path && this.#mayWrite(path))) return;
    throw new BadRequest(403, `${path} is no output of the command`);
  }

  async #file(request: IncomingMessage, path: string, query: URLSearchParams): Promise<OutputAnswer> {
    if (request.method === 'DELETE') {
      await this.#closeFile(path);
      await rm(path, { force: true });
      return { status: 200, body: '' };
    }
    const offset = bytesIn(query, 'offset');
    if (request.method === 'GET') {
      const buffer = Buffer.alloc(bytesIn(query, 'length', mostBytes));
      const handle = this.#handles.get(path);
      if (handle === undefined) throw new BadRequest(404, `${path} has not been written`);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
      return { status: 200, body: buffer.subarray(0, bytesRead) };
    }
    if (request.method !== 'POST') throw new BadRequest(405, `${request.method} is not known`);
    const handle = await this.#open(path);
    const newPath = query.get('rename');
    if (query.has('truncate')) {
      await handle.truncate(bytesIn(query, 'truncate'));
    } else if (newPath !== null) {
      await this.#rename(path, handle, newPath);
    } else if (query.has('finish')) {
      await this.#closeFile(path);
    } else {
      const body = await bodyOf(request);
      for (let done = 0; done < body.length;) {
        done += (await handle.write(body, done, body.length - done, offset + done)).bytesWritten;
      }
    }
    return { status: 200, body: '' };
  }

  /** The first request for a path empties the file, as opening it for writing does. */
  async #open(path: string): Promise<FileHandle> {
    let handle = this.#handles.get(path);
    if (handle === undefined) {
      handle = await open(path, 'w+');
      this.#handles.set(path, handle);
    }
    return handle;
  }

  /** The handle goes with its file, so that the next file of the old path starts empty. */
  async #rename(path: string, handle: FileHandle, newPath: string): Promise<void> {
    if (path === newPath) return;
    await this.#closeFile(newPath);
    await rename(path, newPath);
    this.#handles.delete(path);
    this.#handles.set(newPath, handle);
  }

  async #closeFile(path: string): Promise<void> {
    const handle = this.#handles.get(path);
    this.#handles.delete(path);
    await handle?.close();
  }
}

/** Standard output: bytes in order, and a slow reader slows down whoever writes. */
async function toStdout(request: IncomingMessage, query: URLSearchParams): Promise<OutputAnswer> {
  if (!query.has('offset')) return { status: 200, body: '' };
  const body = await bodyOf(request);
  await new Promise<void>((written, failed) => {
    process.stdout.write(body, (error) => {
      if (error) failed(error);
      else written();
    });
  });
  return { status: 200, body: '' };
}
