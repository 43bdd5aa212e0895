/** The real core in Node: encoders whose stack is deeper than the stock core's 64 KiB. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Core } from './core-fs.ts';
import { enlargeStack } from './core-stack.ts';

interface NodeCore extends Core {
  readonly exec: (...args: string[]) => number;
  readonly reset: () => void;
  readonly setLogger: (logger: (line: { type: string; message: string }) => void) => void;
}

type Factory = (settings: object) => Promise<NodeCore>;

let factory: Factory;
let core: NodeCore;
let lines: string[] = [];

beforeAll(async () => {
  Object.assign(globalThis, { self: { location: { href: '' } } });
  const file = createRequire(import.meta.url)
    .resolve('@ffmpeg/core')
    .replace('/umd/', '/esm/');
  ({ default: factory } = (await import(/* @vite-ignore */ file)) as { default: Factory });
  core = await factory({ wasmBinary: readFileSync(file.replace(/js$/, 'wasm')) });
  core.setLogger(({ type, message }) => {
    if (type === 'stdout') lines.push(message);
  });
  expect(enlargeStack(core, factory)).toBe(true);
}, 60_000);

function ffmpeg(words: string): number {
  lines = [];
  core.exec('-v', 'error', ...words.split(' '));
  const code = core.ret;
  core.reset();
  return code;
}

test('mjpeg has the bytes of native ffmpeg', () => {
  const source = '-f lavfi -i testsrc2=s=640x360:d=0.2';
  expect(ffmpeg(`${source} -c:v mjpeg -flags +bitexact -f framemd5 -`)).toBe(0);
  const frames = lines.filter((line) => !line.startsWith('#')).map((line) => line.split(/, */).slice(4, 6));
  // FFmpeg 5.1, -cpuflags 0: size and MD5 of each picture.
  expect(frames).toEqual([
    ['17133', 'bf7559d7b6ade1c2980437be6586d146'],
    ['22793', '8bd6003809bee1ea7a3462b3f6c5fe22'],
    ['23370', 'f201d2a28023b92a8dce91a8e3c3f3ef'],
    ['23700', '67941d37fd03cfff7b2a34587c73db0f'],
    ['17717', '7a72823f92cfa928bee43e93bc383c54'],
  ]);
});

test.each([
  ['libvpx-vp9', 'testsrc2=s=320x180:d=0.4 -c:v libvpx-vp9 -deadline realtime -cpu-used 8'],
  ['libopus', 'anoisesrc=d=0.2:r=48000 -c:a libopus'],
])('%s encodes', (_, words) => {
  expect(ffmpeg(`-f lavfi -i ${words} -f null -`)).toBe(0);
});

test('a core of another build keeps its stack', () => {
  const malloc = vi.spyOn(core, '_malloc');
  expect(enlargeStack(core, () => undefined)).toBe(false);
  expect(enlargeStack({ ...core, asm: {} }, factory)).toBe(false);
  expect(malloc).not.toHaveBeenCalled();
});
