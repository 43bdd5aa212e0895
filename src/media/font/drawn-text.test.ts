/** What libass and drawtext of the real core draw with a font, in its own name and under another one. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, test, vi } from 'vitest';
import { fontWithFamilies } from './font-with-families.ts';
import { squareFont } from './square-font.test-support.ts';

interface NodeCore {
  readonly FS: {
    mkdir: (path: string) => void;
    writeFile: (path: string, data: Uint8Array | string) => void;
    readFile: (path: string) => Uint8Array;
  };
  exec: (...args: string[]) => number;
  reset: () => void;
  setLogger: (logger: (line: { message: string }) => void) => void;
}

let core: NodeCore;

beforeAll(async () => {
  vi.stubGlobal('self', { location: { href: '' } });
  const file = createRequire(import.meta.url)
    .resolve('@ffmpeg/core')
    .replace('/umd/', '/esm/');
  const module = (await import(/* @vite-ignore */ file)) as { default: (s: object) => Promise<NodeCore> };
  core = await module.default({ wasmBinary: readFileSync(file.replace(/js$/, 'wasm')) });
  core.setLogger(() => undefined);
  const font = squareFont('Square Font');
  for (const folder of ['/own', '/more']) core.FS.mkdir(folder);
  core.FS.writeFile('/own/s.ttf', font);
  core.FS.writeFile('/more/s.ttf', fontWithFamilies(font, ['Impact', 'Arial'])!);
  core.FS.writeFile('/s.srt', '1\n00:00:00,000 --> 00:00:02,000\nHello\n');
}, 60_000);

/** White pixels of a black frame behind a filter. */
function drawn(filter: string): number {
  const source = ['-f', 'lavfi', '-i', 'color=c=black:s=320x180:d=1:r=1', '-vf', filter, '-frames:v', '1'];
  core.exec('-v', 'error', ...source, '-pix_fmt', 'gray', '-f', 'rawvideo', '/out');
  core.reset();
  return core.FS.readFile('/out').filter((value) => value > 200).length;
}

test('text is drawn in a font of that name, and in none of another', () => {
  const forced = drawn("subtitles=/s.srt:fontsdir=/own:force_style='FontName=Square Font'");
  expect(forced).toBeGreaterThan(100);
  expect(drawn('subtitles=/s.srt:fontsdir=/own')).toBe(0);
  expect(drawn('subtitles=/s.srt')).toBe(0);
  expect(drawn('subtitles=/s.srt:fontsdir=/more')).toBe(forced);
  expect(drawn("subtitles=/s.srt:fontsdir=/more:force_style='FontName=impact'")).toBe(forced);
});

test('drawtext draws with the file that it is given', () => {
  expect(drawn('drawtext=fontfile=/more/s.ttf:text=ab:fontsize=20:fontcolor=white')).toBe(2 * 16 * 16);
});
