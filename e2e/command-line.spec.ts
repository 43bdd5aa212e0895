/**
 * The command line as a program among others: what it reads from disk, writes to its
 * standard output, and overwrites.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

function run(...args: readonly string[]): { exitCode: number | null; stdout: string[]; stderr: string } {
  // npm's word for where the user stands would win over the folder.
  const env = { ...process.env, INIT_CWD: folder };
  const done = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { exitCode: done.status, stdout: done.stdout.trimEnd().split('\n'), stderr: done.stderr };
}

test('what ffmpeg prints goes to standard output, what it says to standard error', () => {
  const listed = run('-hide_banner', '-encoders');
  expect(listed.exitCode).toBe(0);
  expect(listed.stdout[0]).toBe('Encoders:');
  expect(listed.stdout.filter((line) => / libx264 {2}/.test(line))).toHaveLength(1);
  expect(listed.stderr).toBe('');
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
