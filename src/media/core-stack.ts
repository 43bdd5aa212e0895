/**
 * A larger stack for the stock core. `@ffmpeg/core` is linked with Emscripten's default, 64 KiB, right behind
 * the program's own variables and without a check: what needs more overwrites them, and then hangs, crashes
 * ("memory access out of bounds") or goes on with wrong values. The mjpeg encoder's Huffman tables need
 * 95 KB, libvpx-vp9 81 KB, libopus 74 KB.
 */
import type { Core } from './core-fs.ts';

/** Ten times the deepest stack that was seen, in bytes. */
const stackBytes = 2 ** 20;

/**
 * Moves the stack into memory that the core allocates for good. To be called before anything runs in it.
 *
 * @param factory made the core. The name of the export that sets the stack pointer stands in its text only,
 * as `stackRestore=function(){return(stackRestore=Module["asm"]["Ea"])…`.
 * @returns false where the core is of another build, and keeps the stack it has
 */
export function enlargeStack(core: Core, factory: (...args: never[]) => unknown): boolean {
  const [, name] = /\bstackRestore\s*=[^;]*?\["(\w+)"\]\)/.exec(String(factory)) ?? [];
  const setStackPointer = name === undefined ? undefined : core.asm?.[name];
  if (setStackPointer === undefined) return false;
  const bottom = core._malloc(stackBytes);
  if (bottom === 0) return false;
  // It grows downwards, and stays aligned to 16 bytes.
  setStackPointer((bottom + stackBytes) & ~15);
  return true;
}
