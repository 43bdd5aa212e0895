import { expect, test } from 'vitest';
import { CoreControl } from '../core-control.ts';
import type { FsStream } from '../core-fs.ts';
import { stdinOps } from './core-stdin.ts';

const stream = {} as FsStream;

/** Node reads a Blob only asynchronously; this stands in for what is used of one. */
function syncBlob(bytes: Uint8Array<ArrayBuffer>): Blob {
  return {
    bytes,
    size: bytes.length,
    slice: (start: number, end: number) => syncBlob(bytes.slice(start, end)),
  } as unknown as Blob;
}

function prepare(data?: Uint8Array<ArrayBuffer>) {
  const control = new CoreControl();
  let fetched = 0;
  const reader = {
    readAsArrayBuffer: (blob: Blob) => {
      fetched += 1;
      return (blob as unknown as { bytes: Uint8Array<ArrayBuffer> }).bytes.slice().buffer;
    },
  };
  const ops = stdinOps(control, data && syncBlob(data), () => reader);
  const read = (length: number): number[] => {
    const heap = new Int8Array(length + 2);
    const count = ops.read!(stream, heap, 1, length, 0);
    return [...new Uint8Array(heap.buffer, 1, count)];
  };
  return { control, read, ready: () => ops.poll!(stream), fetches: () => fetched };
}

test('bytes come in order, as many as are asked for, and then the end', () => {
  const { read, ready } = prepare(Uint8Array.of(1, 2, 3, 4, 5, 200));
  expect([read(4), read(0), read(4), read(4), ready()]).toEqual([[1, 2, 3, 4], [], [5, 200], [], 0]);
});

test('what is longer than a window is read piece by piece', () => {
  const size = 2_500_000;
  const { read, fetches } = prepare(Uint8Array.from({ length: size }, (_, index) => index % 251));
  let done = 0;
  for (let part = read(30_000); part.length > 0; part = read(30_000)) {
    expect([part[0], part.at(-1)]).toEqual([done % 251, (done + part.length - 1) % 251]);
    done += part.length;
  }
  expect([done, fetches()]).toEqual([size, 3]);
});

test('a stop is the end of the data, and the key q for whoever asks for a key', () => {
  const { control, read, ready } = prepare(Uint8Array.of(1, 2, 3, 4));
  expect(read(2)).toEqual([1, 2]);
  control.requestQuit();
  expect([read(2), ready(), read(1)]).toEqual([[], 1, ['q'.charCodeAt(0)]]);
});

test('without data there is nothing but a stop', () => {
  for (const { read, ready, control } of [prepare(), prepare(new Uint8Array(0))]) {
    expect([read(8), read(1), ready()]).toEqual([[], [], 0]);
    control.requestQuit();
    expect([ready(), read(1)]).toEqual([1, [113]]);
  }
});
