/** The real core in Node, and what its runs tell a writer. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Core } from '../core-fs.ts';
import { extendCore } from '../core-module.ts';
import type { CoreInput, CoreOutputs } from '../core-options.ts';
import type { FollowedLog } from './followed-log.ts';
import { FrameRing } from '../frame-ring.ts';
import {
  createOutputChannel,
  decodeHeader,
  headerLength,
  OutputOp,
  type OutputRecord,
  payloadLength,
} from '../output/output-channel.ts';

interface NodeCore extends Core {
  readonly FS: Core['FS'] & {
    readonly mount: (type: unknown, options: unknown, folder: string) => void;
    readonly unmount: (folder: string) => void;
  };
  readonly exec: (...args: string[]) => number;
  readonly reset: () => void;
  readonly setLogger: (logger: (line: { type: string; message: string }) => void) => void;
}

/** A record on its way to the writer, with its header. */
export interface SentRecord extends OutputRecord {
  readonly payload: Uint8Array;
  readonly bytes: Uint8Array;
}

export interface StockCore {
  /** Lines of the last run. */
  readonly lines: readonly string[];
  /** Runs ffmpeg. @returns the file at a path. */
  file(words: string, path: string, inputs?: Readonly<Record<string, Uint8Array | string>>): Uint8Array;
  /** Runs as an encode stage whose packets are followed. @returns what it told the writer. */
  records(
    words: string,
    inputs?: Readonly<Record<string, Uint8Array | string>>,
    followed?: FollowedLog,
  ): SentRecord[];
}

export async function loadStockCore(): Promise<StockCore> {
  Object.assign(globalThis, {
    self: { location: { href: '' } },
    FileReaderSync: class {
      readAsArrayBuffer(blob: { syncBytes: Uint8Array }): ArrayBuffer {
        return blob.syncBytes.slice().buffer;
      }
    },
  });
  const file = createRequire(import.meta.url)
    .resolve('@ffmpeg/core')
    .replace('/umd/', '/esm/');
  const module = (await import(/* @vite-ignore */ file)) as { default: (s: object) => Promise<NodeCore> };
  const core = await module.default({ wasmBinary: readFileSync(file.replace(/js$/, 'wasm')) });
  extendCore(core);
  const lines: string[] = [];
  core.setLogger(({ message }) => lines.push(message));
  let isMounted = false;
  const run = (
    words: string,
    inputs: Readonly<Record<string, Uint8Array | string>>,
    outputs: CoreOutputs,
    followed?: FollowedLog,
  ): void => {
    if (isMounted) core.FS.unmount('/pipes');
    isMounted = true;
    core.FS.mount(
      core.FS.filesystems['DNNFS'],
      {
        cwd: '/',
        inputs: inputsOf(inputs),
        pipes: [],
        outputs,
        ...(followed === undefined ? {} : { followed }),
      },
      '/pipes',
    );
    lines.length = 0;
    core.exec('-stdin', '-hide_banner', '-vsync', '-1', ...words.split(' '));
    const { ret } = core;
    core.reset();
    if (ret !== 0) throw new Error(`exit code ${ret}: ${lines.slice(-3).join(' | ')}`);
  };
  return {
    lines,
    file(words, path, inputs = {}) {
      const channel = createOutputChannel(2 ** 25);
      run(words, inputs, { mode: 'channel', channel });
      return fileOf(recordsOf(new FrameRing(channel.requests)), path);
    },
    records(words, inputs = {}, followed = { showsPackets: false }) {
      const channel = createOutputChannel(2 ** 25);
      run(`-debug_ts ${words}`, inputs, { mode: 'channel', channel }, followed);
      return recordsOf(new FrameRing(channel.requests));
    },
  };
}

/** Node reads a Blob only asynchronously; this stands in for the members that WORKERFS uses. */
function syncBlob(bytes: Uint8Array): Blob {
  const slice = (start?: number, end?: number): Blob => syncBlob(bytes.slice(start, end));
  return { syncBytes: bytes, size: bytes.length, slice } as unknown as Blob;
}

function inputsOf(inputs: Readonly<Record<string, Uint8Array | string>>): CoreInput[] {
  return Object.entries(inputs).map(([path, data]) => ({
    path,
    blob: syncBlob(typeof data === 'string' ? new TextEncoder().encode(data) : data),
  }));
}

/** The file that records leave at a path. */
function fileOf(records: readonly SentRecord[], path: string): Uint8Array {
  const created = records.findLast(
    ({ op, payload }) => op === OutputOp.create && new TextDecoder().decode(payload) === path,
  );
  const own = records.filter(({ op, file }) => op === OutputOp.write && file === created?.file);
  const bytes = new Uint8Array(Math.max(...own.map(({ offset, length }) => offset + length)));
  for (const { offset, payload } of own) bytes.set(payload, offset);
  return bytes;
}

function recordsOf(ring: FrameRing): SentRecord[] {
  const all = new Uint8Array(ring.available);
  ring.tryRead(all);
  const records: SentRecord[] = [];
  for (let at = 0; at < all.length;) {
    const record = decodeHeader(all.subarray(at, at + headerLength));
    const end = at + headerLength + payloadLength(record);
    records.push({
      ...record,
      payload: all.subarray(at + headerLength, end),
      bytes: all.subarray(at, end),
    });
    at = end;
  }
  return records;
}
