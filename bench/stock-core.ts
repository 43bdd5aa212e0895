/** The native backend of FFmpeg itself, as stock `@ffmpeg/core` has it: plain C, compiled to WebAssembly. */
import type { FrameSize } from '../src/dnn/contract/interface.ts';
import { readGraphDef } from '../src/model/graphdef/read-graphdef.ts';
import { writeNativeModel } from '../src/model/native/write-native-model.ts';
import type { BenchApi } from './bench-api.ts';
import { fetchBytes } from './load-network.ts';

/** What is used of `@ffmpeg/core`. */
interface StockCore {
  readonly FS: { writeFile(path: string, bytes: Uint8Array): void };
  readonly ret: number;
  exec(...args: string[]): number;
  reset(): void;
  setLogger(logger: (log: { readonly message: string }) => void): void;
  setTimeout(ms: number): void;
}

type CoreFactory = (settings: { readonly mainScriptUrlOrBlob: string }) => Promise<StockCore>;

/** Frames of a run. Beside seconds for each, what the run does around them does not count. */
const frames = 2;

export const stockCoreMs: BenchApi['stockCoreMs'] = async ({ graphDef, size }, { coreURL, coreWasmURL }) => {
  const { default: create } = (await import(/* @vite-ignore */ coreURL)) as { default: CoreFactory };
  const urls = btoa(JSON.stringify({ wasmURL: coreWasmURL, workerURL: '' }));
  const core = await create({ mainScriptUrlOrBlob: `${coreURL}#${urls}` });
  const graph = readGraphDef(await fetchBytes(graphDef), graphDef);
  core.FS.writeFile('network.model', writeNativeModel(graph, { input: 'x', outputs: ['y'] }));
  let messages: string[] = [];
  core.setLogger(({ message }) => messages.push(message));
  const run = (): number => {
    messages = [];
    core.setTimeout(-1);
    const start = performance.now();
    core.exec(...argsFor(size));
    const ms = performance.now() - start;
    if (core.ret !== 0)
      throw new Error(`@ffmpeg/core ended with ${core.ret}: ${messages.slice(-5).join(' / ')}`);
    core.reset();
    return ms;
  };
  // The first run is for the engine, which compiles what runs often once more.
  run();
  return run() / frames;
};

function argsFor({ width, height, channels }: FrameSize): string[] {
  const source = `testsrc2=size=${width}x${height}:rate=25,format=${channels === 1 ? 'yuv420p' : 'rgb24'}`;
  const chain = 'dnn_processing=dnn_backend=native:model=network.model:input=x:output=y';
  return [
    '-nostdin',
    '-f',
    'lavfi',
    '-i',
    source,
    '-vf',
    chain,
    '-frames:v',
    String(frames),
    '-f',
    'null',
    '-',
  ];
}
