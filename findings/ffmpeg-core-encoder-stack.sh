#!/bin/sh
# @ffmpeg/core 0.12.10: the mjpeg and VP9 encoders need more stack than Emscripten gives a program by default.
#
# The core exports how its stack pointer is read and set, and nothing that tells the stack's size; Emscripten's
# default (STACK_SIZE) is 64 KiB, and without its checks a deeper call writes over what lies below. Here the
# stack is first moved to 1 MiB of the heap that is filled with one byte value, so nothing is overwritten;
# what an encoder left of the filling tells how deep it went. Seen: mjpeg 640x360 about 93 KiB, libvpx-vp9
# 320x180 about 71 KiB, libx264 640x360 about 40 KiB. On a stack of the default size the first two end in
# wrong values, endless loops or traps, depending on the picture, and libx264 works.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save --prefix . @ffmpeg/core@0.12.10
cat > depth.mjs <<'SCRIPT'
import { readFileSync } from 'node:fs';

globalThis.self = { location: { href: '' } };
const core = './node_modules/@ffmpeg/core';
const { version } = JSON.parse(readFileSync(`${core}/package.json`, 'utf8'));
const { default: createCore } = await import(`${core}/dist/esm/ffmpeg-core.js`);
const ffmpeg = await createCore({ wasmBinary: readFileSync(`${core}/dist/esm/ffmpeg-core.wasm`) });
// The short names of the exports stand in the text of the module only.
const [, setStackPointer] = /stackRestore=[^;]*?\["asm"\]\["(\w+)"\]/.exec(String(createCore));
const size = 2 ** 20;
const filling = 0xa5;
const bottom = ffmpeg._malloc(size);
ffmpeg.asm[setStackPointer]((bottom + size) & ~15);
ffmpeg.setLogger(() => {});

/** Bytes of stack that a command needed. */
function depth(words) {
  ffmpeg.HEAPU8.fill(filling, bottom, bottom + size - 4096);
  ffmpeg.exec('-v', 'error', '-f', 'lavfi', '-i', ...words.split(' '), '-f', 'null', '-');
  if (ffmpeg.ret !== 0) throw new Error(`${words}: exit code ${ffmpeg.ret}`);
  ffmpeg.reset();
  let lowest = bottom;
  while (ffmpeg.HEAPU8[lowest] === filling) lowest += 1;
  return bottom + size - lowest;
}

const usual = 64 * 1024;
const encoders = [
  ['mjpeg', 'testsrc2=s=640x360:d=0.2 -c:v mjpeg', true],
  ['libvpx-vp9', 'testsrc2=s=320x180:d=0.2 -c:v libvpx-vp9 -deadline realtime -cpu-used 8', true],
  ['libx264', 'testsrc2=s=640x360:d=0.2 -c:v libx264', false],
];
console.log(`@ffmpeg/core ${version}; Emscripten's default stack: ${usual} bytes`);
let asSeen = true;
for (const [name, words, isDeeper] of encoders) {
  const bytes = depth(words);
  console.log(`${name}: ${bytes} bytes of stack, ${bytes > usual ? 'more' : 'less'} than the default`);
  asSeen &&= bytes > usual === isDeeper;
}
console.log(asSeen ? 'as seen before' : 'this has changed');
process.exit(asSeen ? 0 : 1);
SCRIPT
node depth.mjs
