import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { download } from './download.ts';

let server: Server | undefined;

/** @returns its address. */
async function serve(answer: (response: ServerResponse) => void): Promise<string> {
  server = createServer((_request, response) => {
    answer(response);
  });
  await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/m.pb`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

const text = (response: Response): Promise<string> => response.text();
const error = (code: string, message: string): Error =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

test('a file arrives, and tells how far it is', async () => {
  const url = await serve((response) => response.setHeader('Content-Length', 6).end('abcdef'));
  const told: (number | undefined)[][] = [];
  expect(await download(url, text, { onProgress: (...counts) => told.push(counts) })).toBe('abcdef');
  expect(told.at(-1)).toEqual([6, 6]);
});

test('the length of a compressed answer is not that of the file', async () => {
  const url = await serve((response) => {
    response.setHeader('Content-Encoding', 'identity').setHeader('Content-Length', 2).end('ab');
  });
  const told: (number | undefined)[][] = [];
  await download(url, text, { onProgress: (...counts) => told.push(counts) });
  expect(told.at(-1)).toEqual([2, undefined]);
});

test('an answer that is no success is named', async () => {
  const url = await serve((response) => {
    response.statusCode = 403;
    response.end('no');
  });
  await expect(download(url, text)).rejects.toThrow(
    error('ENOENT', `${url} cannot be read: the server answers 403 Forbidden.`),
  );
});

test('a server that is not there is told apart from a file that breaks off', async () => {
  const url = await serve((response) => {
    response.setHeader('Content-Length', 10).write('abc', () => response.destroy());
  });
  const broken = download(url, text);
  await expect(broken).rejects.toThrow(error('EIO', `${url} broke off after 3 of 10 bytes: `));
  await expect(broken).rejects.not.toThrow(/CORS/);
  await expect(download(url, () => Promise.resolve('what there is'))).rejects.toThrow(/broke off after 3/);
  server!.close();
  await expect(download(url, text)).rejects.toThrow(error('EIO', 'needs CORS headers there'));
});

test('a file that stops arriving is given up, and says after how much', async () => {
  const url = await serve((response) => {
    response.setHeader('Content-Length', 10).write('abc');
  });
  const stalled = download(url, text, { stallMs: 60 });
  await expect(stalled).rejects.toThrow(
    error('EIO', `${url} stopped arriving: no byte for 0.06 s after 3 of 10 bytes.`),
  );
  await expect(stalled).rejects.toHaveProperty('details', { url, received: 3, total: 10 });
});

test('a server that never answers is given up', async () => {
  const url = await serve(() => undefined);
  await expect(download(url, text, { stallMs: 60 })).rejects.toThrow(
    error('EIO', `${url} does not answer: nothing came for 0.06 s.`),
  );
});

test('a slow file is not given up while bytes come', async () => {
  const url = await serve((response) => {
    let left = 12;
    const timer = setInterval(() => {
      response.write('x');
      left -= 1;
      if (left > 0) return;
      clearInterval(timer);
      response.end();
    }, 20);
  });
  expect(await download(url, text, { stallMs: 180 })).toBe('xxxxxxxxxxxx');
});

test('what the reader of the file throws stays as it is', async () => {
  const url = await serve((response) => response.end('abc'));
  const own = new Error('no such model');
  await expect(download(url, () => Promise.reject(own))).rejects.toBe(own);
});

test('a signal ends it with its reason', async () => {
  const url = await serve((response) => response.write('abc'));
  const reason = new Error('enough');
  const stop = new AbortController();
  const started = download(url, text, {
    signal: stop.signal,
    onProgress: () => {
      stop.abort(reason);
    },
  });
  await expect(started).rejects.toBe(reason);
  await expect(download(url, text, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
