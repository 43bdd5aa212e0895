import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCommand } from '../../pipeline/command/command.ts';
import { writtenFiles } from './output-files.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-files-'));
  writeFileSync(join(folder, 'chain.txt'), 'metadata=print:file=found.txt');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const teed = "[f=hls:hls_segment_filename=s%d.ts]t/l.m3u8|[f=mpegts]t.ts|it's.mkv";

test.each<[string, string[], string[]]>([
  ['one file', ['out.mp4'], ['out.mp4', 'out.mp4.tmp']],
  ['a URL of a file', ['file:out.mp4'], ['out.mp4']],
  ['another folder', ['../up.mp4'], ['../up.mp4']],
  ['numbered pictures', ['-f', 'image2', 'p/img%03d.png'], ['p/img001.png', 'p/img1000.png']],
  ['a sign of percent', ['100%%-%d.png'], ['100%-7.png']],
  ['a playlist', ['v/list.m3u8'], ['v/list.m3u8', 'v/list.m3u8.tmp', 'v/list0.ts', 'v/list12.ts.tmp']],
  [
    'a playlist with names of its own',
    ['-f', 'hls', '-hls_segment_filename', 's/%v-%d.m4s', '-master_pl_name', 'm.m3u8', 'v/l_%v.m3u8'],
    ['s/a-1.m4s', 'v/m.m3u8', 'v/l_a.m3u8', 'v/init.mp4', 'v/init_0.mp4'],
  ],
  [
    'dash',
    ['v/d.mpd'],
    ['v/d.mpd.tmp', 'v/init-stream0.m4s', 'v/chunk-stream1-00004.webm.tmp', 'v/media_0.m3u8'],
  ],
  [
    'segments',
    ['-f', 'segment', '-segment_list', 'list.csv', 'seg%02d.ts'],
    ['seg00.ts', 'list.csv', 'list.csv.tmp'],
  ],
  ['tee', ['-f', 'tee', teed.replace("'", "\\'")], ['s3.ts', 't/l0.ts', 't/l.m3u8', 't.ts', "it's.mkv"]],
  [
    'the logs of two passes',
    ['-pass', '1', '-f', 'null', '-'],
    ['ffmpeg2pass-0.log', 'ffmpeg2pass-0.log.mbtree'],
  ],
  ['named logs of passes', ['-pass', '1', '-passlogfile', 'l/p', 'o.mp4'], ['l/p-1.log.temp']],
  ['what x264 is told', ['-x264-params', 'pass=1:stats=x.log', 'o.mp4'], ['x.log', 'x.log.mbtree']],
  ['what filters write', ['-vf', "psnr,ssim=f='s.log'", 'o.mp4'], ['s.log']],
  ['what filters of a script write', ['-filter_script:v', 'chain.txt', 'o.mp4'], ['found.txt']],
  ['own files', ['-dnn_stats', 'a.json', '-dnn_timeline', 'b/c.json', 'o.mp4'], ['a.json', 'b/c.json']],
  ['logs of a name by the time', ['-report', '-vstats', 'o.mp4'], ['vstats_101112.log']],
  ['reports', ['-progress', 'p.txt', '-vstats_file', 'v.txt', 'o.mp4'], ['p.txt', 'v.txt']],
])('%s', (_name, words, names) => {
  const isWritten = writtenFiles(parseCommand(['-i', 'in.mp4', ...words]), folder);
  for (const name of names) expect(isWritten(resolve(folder, name)), name).toBe(true);
  const foreign = ['in.mp4', 'other.mp4', '../other', '/etc/passwd', 'chain.txt', 'v/x.mp4', 'pass', ''];
  for (const name of foreign) expect(isWritten(resolve(folder, name)), name).toBe(false);
});
