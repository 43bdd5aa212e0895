import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCommand } from '../../pipeline/command/command.ts';
import { inputPaths } from './input-files.ts';

let top: string;
let folder: string;

const lists: Readonly<Record<string, string>> = {
  'list.ffconcat': `ffconcat version 1.0\n# file no.webm\nfile 'it'\\''s.webm'\nduration 1\nfile a\\ b.webm\noption x y\n`,
  'list.txt': "file 'a.webm' \r\n  file\tsub/b.webm\nfile list.ffconcat\n",
  'unsafe.txt': "file '../up.webm'\nfile 'a b.webm'\nfile a.webm\nfile .hidden.webm\n",
  'absolute.txt': 'file /TOP/up.webm\nfile file:a.webm\n',
  'circle.txt': 'ffconcat version 1.0\nfile circle.txt\nfile a.webm\n',
  'main.m3u8':
    '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,URI="sub/sound.m3u8",NAME="x"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n' +
    '#EXT-X-STREAM-INF:BANDWIDTH=2\nsub/high.m3u8\nhttps://site.test/far.m3u8\n# URI="a.webm"\n',
  'low.m3u8':
    '\uFEFF#EXTM3U\r\n#EXTINF:1,\r\nlow 0.ts\r\n#EXT-X-BYTERANGE:10@0\r\nlow 0.ts\r\nmissing.ts\r\n',
  'sub/high.m3u8':
    '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="../key.bin",IV=0x0\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:1,\nhigh0.m4s\n',
  'sub/sound.m3u8': '#EXTM3U\n#EXTINF:1,\nsound0.ts\n',
  'subs.idx': '# VobSub index file, v7 (do not modify this line!)\n',
  'names.txt': 'a.webm\nfile:sub/b.webm\n',
  'info.txt': 'https://site.test/key\nkey.bin\n',
};
const plain = [
  ...["it's.webm", 'a b.webm', 'a.webm', 'sub/b.webm', '../up.webm', '.hidden.webm', 'low 0.ts', 'key.bin'],
  ...[
    'sub/init.mp4',
    'sub/high0.m4s',
    'sub/sound0.ts',
    'subs.sub',
    'x=1,y.bin',
    'shot-a1.png',
    'shot-b1.png',
  ],
  ...['fonts/A.ttf', 'fonts/b.otf', 'fonts/.c.ttf', 'fonts/more/d.ttf', 's.srt', 'film.mkv', 'no.webm'],
];

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'followed-files-'));
  folder = join(top, 'work');
  for (const name of ['fonts/more', 'sub']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of plain) writeFileSync(join(folder, name), name);
  for (const [name, text] of Object.entries(lists)) {
    writeFileSync(join(folder, name), text.replaceAll('/TOP', top));
  }
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  writeFileSync(join(folder, 'pipes.m3u8'), '#EXTM3U\nfifo\nsub\n/dev/zero\na.webm\n');
});
afterAll(() => {
  rmSync(top, { recursive: true });
});

function files(words: readonly string[]): string[] {
  const found = inputPaths(parseCommand(words), folder);
  const up = dirname(folder);
  return found.map((path) =>
    path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path.replace(up, '..'),
  );
}

test.each<[string, string[], string[]]>([
  [
    'a list told by its content',
    ['-safe', '0', '-i', 'list.ffconcat'],
    ['list.ffconcat', "it's.webm", 'a b.webm'],
  ],
  [
    'a list in a list',
    ['-safe', '0', '-f', 'concat', '-i', 'list.txt'],
    ['list.txt', 'a.webm', 'sub/b.webm', 'list.ffconcat', "it's.webm", 'a b.webm'],
  ],
  ['a text that is no list', ['-i', 'list.txt'], ['list.txt']],
  ['names that ffmpeg calls unsafe', ['-f', 'concat', '-i', 'unsafe.txt'], ['unsafe.txt', 'a.webm']],
  [
    'the same where the user allows them',
    ['-f', 'concat', '-safe', '0', '-i', 'unsafe.txt'],
    ['unsafe.txt', '../up.webm', 'a b.webm', 'a.webm', '.hidden.webm'],
  ],
  ['absolute names', ['-f', 'concat', '-i', 'absolute.txt'], ['absolute.txt']],
  [
    'absolute names that are allowed',
    ['-f', 'concat', '-safe', '0', '-i', 'absolute.txt'],
    ['absolute.txt', '../up.webm', 'a.webm'],
  ],
  [
    'the safety of another input',
    ['-f', 'concat', '-safe', '0', '-i', 'a.webm', '-f', 'concat', '-i', 'absolute.txt'],
    ['a.webm', 'absolute.txt'],
  ],
  ['a list that names itself', ['-safe', '0', '-i', 'circle.txt'], ['circle.txt', 'a.webm']],
  [
    'a playlist of playlists, with keys, headers and sound',
    ['-i', 'main.m3u8'],
    [
      ...['main.m3u8', 'sub/sound.m3u8', 'sub/sound0.ts', 'low.m3u8', 'low 0.ts', 'sub/high.m3u8'],
      ...['key.bin', 'sub/init.mp4', 'sub/high0.m4s'],
    ],
  ],
  ['a playlist that names what is no file', ['-i', 'pipes.m3u8'], ['pipes.m3u8', 'a.webm']],
  ['subtitles beside their index', ['-i', 'subs.idx'], ['subs.idx', 'subs.sub']],
  ['names joined', ['-i', 'concat:a.webm|file:sub/b.webm'], ['a.webm', 'sub/b.webm']],
  ['names in a file', ['-i', 'concatf:names.txt'], ['names.txt', 'a.webm', 'sub/b.webm']],
  ['a part of a file', ['-i', 'subfile,,start,5,end,0,,:a.webm'], ['a.webm']],
  ['protocols around a file', ['-i', 'cache:file:a.webm'], ['a.webm']],
  ['a glob with a set', ['-pattern_type', 'glob', '-i', 'shot-[ab]?.png'], ['shot-a1.png', 'shot-b1.png']],
  [
    'a quoted name',
    ['-i', 'a.webm', '-vf', "movie='it'\\\\\\''s.webm'[b];[in][b]overlay"],
    ['a.webm', "it's.webm"],
  ],
  ['a playlist that a filter opens', ['-f', 'lavfi', '-i', 'movie=low.m3u8'], ['low.m3u8', 'low 0.ts']],
  ['an attachment of any name', ['-i', 'a.webm', '-attach', 'x=1,y.bin'], ['a.webm', 'x=1,y.bin']],
  ['a key', ['-i', 'a.webm', '-hls_key_info_file', 'info.txt'], ['a.webm', 'info.txt', 'key.bin']],
  [
    'the fonts of a folder',
    ['-i', 'a.webm', '-vf', "subtitles=s.srt:fontsdir=fonts:force_style='Fontname=A,Fontsize=20'"],
    ['a.webm', 's.srt', 'fonts/A.ttf', 'fonts/b.otf'],
  ],
  ['a film', ['-i', 'film.mkv'], ['film.mkv']],
])('%s', (_name, words, expected) => {
  expect(files([...words, 'out.mkv']).toSorted()).toEqual(expected.toSorted());
});
