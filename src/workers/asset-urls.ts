/**
 * Every file that is fetched at run time, in one place: the bundler then emits each once, and workers get the URLs as
 * messages. Only the page imports this file.
 */
import ffmpegCoreUrl from '@ffmpeg/core?url&no-inline';
import ffmpegWasmUrl from '@ffmpeg/core/wasm?url&no-inline';
import tfjsWasmUrl from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url&no-inline';
import tfjsSimdWasmUrl from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url&no-inline';
import relaxedKernelsUrl from '../../wasm/build/relaxed.wasm?url&no-inline';
import simdKernelsUrl from '../../wasm/build/simd.wasm?url&no-inline';
import coreModuleUrl from '../media/core-module.ts?moduleurl';

/** Absolute URLs of the files that the workers fetch; each can be overridden in `load()`. */
export interface AssetUrls {
  /** This project's own module around the core: gives it pipes. */
  readonly coreModuleURL: string;
  /** Stock `@ffmpeg/core`, ES module build. GPL: a separate file, fetched and never bundled. */
  readonly coreURL: string;
  readonly wasmURL: string;
  /** tfjs-backend-wasm's binaries. */
  readonly tfjsWasmURL: string;
  readonly tfjsSimdWasmURL: string;
  /** The native backend's kernels: for engines with SIMD, and for those with relaxed SIMD too. */
  readonly simdKernelsURL: string;
  readonly relaxedKernelsURL: string;
}

/** The self-hosted files, resolved against the page. */
export function defaultAssetUrls(): AssetUrls {
  const absolute = (url: string): string => new URL(url, import.meta.url).href;
  return {
    coreModuleURL: absolute(coreModuleUrl),
    coreURL: absolute(ffmpegCoreUrl),
    wasmURL: absolute(ffmpegWasmUrl),
    tfjsWasmURL: absolute(tfjsWasmUrl),
    tfjsSimdWasmURL: absolute(tfjsSimdWasmUrl),
    simdKernelsURL: absolute(simdKernelsUrl),
    relaxedKernelsURL: absolute(relaxedKernelsUrl),
  };
}

/** The self-hosted files, but for those that `config` gives: absolute, or relative to `base`. */
export function assetUrls(config: Partial<AssetUrls>, base: string): AssetUrls {
  const urls = Object.entries(defaultAssetUrls()).map(([name, url]: [string, string]): [string, string] => {
    const own = config[name as keyof AssetUrls];
    return [name, own === undefined ? url : new URL(own, base).href];
  });
  return Object.fromEntries(urls) as unknown as AssetUrls;
}
