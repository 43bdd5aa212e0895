/**
 * The command line as a program among others: what it reads from disk, writes to its
 * standard output, and overwrites.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

const program = fileURLToPath(new URL('../dist/cli/ffmpeg-dnn.js', import.meta.url));
const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=8:duration=1'];
let folder: string;

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-'));
  writeFileSync(join(folder, 'double.pb'), doubleModel(3));
});
test.afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Done {
  readonly exitCode: number | null;
  readonly stdout: string[];
  readonly stderr: string;
}

function run(...args: readonly string[]): Done {
  return runOn(undefined, ...args);
}

/** @param input what comes on standard input. */
function runOn(input: Buffer | undefined, ...args: readonly string[]): Done {
  // npm's word for where the user stands would win over the folder.
  const env = { ...process.env, INIT_CWD: folder };
  const done = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 120_000,
    ...(input === undefined ? {} : { input }),
  });
  return { exitCode: done.status, stdout: done.stdout.trimEnd().split('\n'), stderr: done.stderr };
}

test('what ffmpeg prints goes to standard output, what it says to standard error', () => {
  const listed = run('-hide_banner', '-encoders');
  expect(listed.exitCode).toBe(0);
  expect(listed.stdout[0]).toBe('Encoders:');
  expect(listed.stdout.filter((line) => / libx264 {2}/.test(line))).toHaveLength(1);
  expect(
    listed.stdout.filter((line) => / V\.{5} h264_webcodecs {2}.* \(codec h264\)$/.test(line)),
  ).toHaveLength(1);
  expect(listed.stderr).toBe('');
  expect(run('-h', 'encoder=vp9_webcodecs').stdout[0]).toBe(
    "Encoder vp9_webcodecs [VP9 by the browser's encoder]:",
  );
  const failed = run('-hide_banner', '-i', 'missing.mp4', 'out.mkv');
  expect(failed).toMatchObject({ exitCode: 1, stdout: [''] });
  expect(failed.stderr).toContain('missing.mp4: No such file or directory');
});

test('a filter script names its model, and -progress can be parsed', () => {
  writeFileSync(join(folder, 'chain.txt'), `format=rgb24,\n${dnn('double.pb')}\n`);
  const chain = ['-filter_script:v', 'chain.txt', '-c:v', 'ffv1', '-f', 'null', '-'];
  const done = run('-progress', 'pipe:1', ...source, ...chain);
  expect(done.stderr).toContain('128x96');
  expect(done.exitCode).toBe(0);
  expect(done.stdout.filter((line) => !/^\w+= *\S+ *$/.test(line))).toEqual([]);
  expect(done.stdout).toContain('frame=8');
  expect(done.stdout.at(-1)).toBe('progress=end');
});

test('-n writes a new file and leaves one that exists alone', () => {
  const args = ['-n', ...source, '-vf', `format=rgb24,${dnn('double.pb')}`, '-frames:v', '1', 'new.png'];
  expect(run(...args)).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(folder, 'new.png'))).toBe(true);
  const refusal = "File 'new.png' already exists. Exiting.\n";
  expect(run(...args)).toEqual({ exitCode: 1, stdout: [''], stderr: refusal });
  expect(run('-y', ...args).stderr).toContain('both -y and -n supplied');
});

test('a film on standard input, a list of playlists, and an input alone', () => {
  const segments = [
    '-f',
    'hls',
    '-hls_time',
    '0.5',
    '-hls_segment_type',
    'mpegts',
    '-hls_playlist_type',
    'vod',
  ];
  const made = run('-y', ...source, '-c:v', 'mpeg2video', '-g', '4', ...segments, "it's.m3u8");
  expect(made.stderr).toContain('frame=    8');
  expect(made.exitCode).toBe(0);
  writeFileSync(join(folder, 'list'), "ffconcat version 1.0\nfile 'it'\\''s.m3u8'\n");
  const stats = ['-dnn_stats', 'stats.json', '-c:v', 'ffv1', '-f', 'nut', '-'];
  const listed = run('-safe', '0', '-i', 'list', '-vf', `format=rgb24,${dnn('double.pb')}`, ...stats);
  expect(listed).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(readFileSync(join(folder, 'stats.json'), 'utf8'))).toMatchObject({ frames_out: 8 });
  const film = readFileSync(join(folder, "it's0.ts"));
  const read = runOn(film, '-i', '-', '-c', 'copy', '-f', 'framecrc', '-');
  expect(read).toMatchObject({ exitCode: 0 });
  expect(read.stderr).toContain("Input #0, mpegts, from 'pipe:':");
  expect(read.stdout.filter((line) => line.startsWith('0, '))).toHaveLength(4);
  const alone = run('-hide_banner', '-i', "it's0.ts");
  expect(alone).toMatchObject({ exitCode: 1, stdout: [''] });
  expect(alone.stderr).toMatch(/Stream #0:0.*mpeg2video[^]*At least one output file must be specified\n$/);
});

test('a mistake is said before a browser starts', () => {
  for (const [words, message] of [
    [
      ['-vf', 'dnn_procesing=model=double.pb', 'o.mkv'],
      "No such filter: 'dnn_procesing': did you mean dnn_processing?",
    ],
    [['-vf', dnn('missing.pb'), 'o.mkv'], "missing.pb': No such file or directory"],
    [['-vf', 'dnn_processing=double.pb', 'o.mkv'], 'write model=double.pb'],
    [['no/such/o.mkv'], 'no/such/o.mkv: No such file or directory'],
  ] as const) {
    const failed = run(...source, ...words);
    expect(failed).toMatchObject({ exitCode: 1, stdout: [''] });
    expect(failed.stderr).toContain(message);
    expect(failed.stderr).not.toContain('ffmpeg version');
  }
});
