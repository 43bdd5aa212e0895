/**
 * The library, and stock ffmpeg.wasm beside it: a command runs in the plain
 * core, its own DNN filters and all.
 */
import { FFmpegDNN } from '../src/index.ts';
import { defaultAssetUrls } from '../src/workers/default-asset-urls.ts';
import { fromBase64, toBase64 } from './filter-page.ts';

/** What is used of `@ffmpeg/core`. */
interface StockCore {
  readonly FS: {
    writeFile(path: string, data: Uint8Array): void;
    readFile(path: string): Uint8Array;
  };
  readonly ret: number;
  setLogger(log: (line: { readonly message: string }) => void): void;
  exec(...args: readonly string[]): void;
  /** Forgets how the last run ended. */
  reset(): void;
}

/** How a command ended in the stock core. */
export interface StockOutcome {
  /** -1 where the core crashed; the next command gets a new one. */
  readonly exitCode: number;
  /** Base64 of the file that it made. */
  readonly output: string;
  readonly log: readonly string[];
}

declare global {
  interface Window {
    /**
     * Runs a command with one file in its folder; outputs are overwritten.
     * @param data base64 of the file.
     */
    runStock(args: readonly string[], file: string, data: string, output: string): Promise<StockOutcome>;
  }
}

type CoreFactory = (settings: { readonly mainScriptUrlOrBlob: string }) => Promise<StockCore>;

window.FFmpegDNN = FFmpegDNN;

let loaded: Promise<StockCore> | undefined;
let runs = 0;
/** A core keeps what its commands leave, and crashes after some fifty of them. */
const runsOfCore = 20;

async function loadCore(): Promise<StockCore> {
  const { coreURL, wasmURL } = defaultAssetUrls();
  const module = (await import(/* @vite-ignore */ coreURL)) as { default: CoreFactory };
  // The core takes the URL of its binary in this form from `@ffmpeg/ffmpeg`'s worker.
  return module.default({ mainScriptUrlOrBlob: `${coreURL}#${btoa(JSON.stringify({ wasmURL }))}` });
}

// On the page's own thread: nothing else runs on this page meanwhile.
window.runStock = async (args, file, data, output) => {
  if (runs++ % runsOfCore === 0) loaded = undefined;
  const core = await (loaded ??= loadCore());
  const log: string[] = [];
  core.setLogger(({ message }) => log.push(message));
  core.FS.writeFile(file, fromBase64(data));
  try {
    core.exec('-y', ...args);
  } catch (thrown) {
    loaded = undefined;
    return { exitCode: -1, output: '', log: [...log, String(thrown)] };
  }
  const exitCode = core.ret;
  core.reset();
  return { exitCode, output: exitCode === 0 ? toBase64(core.FS.readFile(output)) : '', log };
};
