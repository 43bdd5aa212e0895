/**
 * Stock ffmpeg.wasm as its documentation uses it: the class of `@ffmpeg/ffmpeg`, the single-threaded core.
 */
import coreUrl from '@ffmpeg/core?url&no-inline';
import coreWasmUrl from '@ffmpeg/core/wasm?url&no-inline';
import { FFmpeg } from '@ffmpeg/ffmpeg';
import type { PeerFigures } from './upscaler-api.ts';

export interface StockJob {
  /** Names of files that are written into the core's file system. */
  readonly files: readonly string[];
  readonly args: readonly string[];
  readonly output: string;
  readonly frames: number;
}

let loaded: Promise<FFmpeg> | undefined;

/** @throws Error with ffmpeg's last words where it fails. */
export async function stockJob(
  { files, args, output, frames }: StockJob,
  fileOf: (name: string) => Blob,
): Promise<PeerFigures> {
  const ffmpeg = await (loaded ??= load());
  const log: string[] = [];
  const onLog = ({ message }: { readonly message: string }): void => void log.push(message);
  ffmpeg.on('log', onLog);
  const start = performance.now();
  for (const name of files) await ffmpeg.writeFile(name, new Uint8Array(await fileOf(name).arrayBuffer()));
  const exitCode = await ffmpeg.exec(['-y', ...args]);
  ffmpeg.off('log', onLog);
  if (exitCode !== 0)
    throw new Error(`stock ffmpeg.wasm ended with ${exitCode}: ${log.slice(-5).join(' / ')}`);
  const result = await ffmpeg.readFile(output);
  return { seconds: (performance.now() - start) / 1000, frames, outputBytes: result.length };
}

async function load(): Promise<FFmpeg> {
  const ffmpeg = new FFmpeg();
  const absolute = (url: string): string => new URL(url, import.meta.url).href;
  await ffmpeg.load({ coreURL: absolute(coreUrl), wasmURL: absolute(coreWasmUrl) });
  return ffmpeg;
}
