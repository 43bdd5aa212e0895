/**
 * ffmpeg's WebAssembly, compiled once for all cores: a core that is left to itself fetches 32 MB, hashes them
 * for the browser's code cache and compiles, though another one has done so a moment ago.
 */
import { download } from '../base/download.ts';

declare global {
  /**
   * In a core's worker: what the core is made of; undefined where it has to fetch and compile that by itself.
   */
  var compiledFFmpegCore: WebAssembly.Module | undefined;
}

/** What the worker gets with the message that loads a core, beside the class's own configuration. */
export interface CompiledCore {
  readonly compiled?: WebAssembly.Module | undefined;
}

/**
 * @param url of `ffmpeg-core.wasm`, absolute.
 * @throws Error where it is no WebAssembly; DnnError as `download`.
 */
export function compileCore(url: string): Promise<WebAssembly.Module> {
  return download(url, async (response) => {
    // Compiling while bytes arrive asks for this type, which not every host gives.
    const isNamed = response.headers.get('Content-Type')?.startsWith('application/wasm') === true;
    return isNamed
      ? WebAssembly.compileStreaming(response)
      : WebAssembly.compile(await response.arrayBuffer());
  });
}
