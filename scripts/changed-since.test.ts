import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { haveChanged } from './changed-since.mjs';

let folder: string;
let clone: string;

function git(cwd: string, ...args: readonly string[]): void {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'init.defaultBranch=main'];
  execFileSync('git', [...who, ...args], { cwd, stdio: 'pipe' });
}

function commit(cwd: string, file: string, text: string): void {
  mkdirSync(join(cwd, 'bench'), { recursive: true });
  writeFileSync(join(cwd, file), text);
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-qm', `Change ${file}`);
}

beforeEach(() => {
  vi.stubEnv('FFMPEG_DNN_TEST_BASE', '');
  folder = mkdtempSync(join(tmpdir(), 'ffmpeg-dnn-changed-'));
  const origin = join(folder, 'origin');
  mkdirSync(origin);
  git(origin, 'init', '-q');
  commit(origin, 'bench/a.mjs', '1');
  commit(origin, 'README.md', '1');
  git(folder, 'clone', '-q', origin, 'clone');
  clone = join(folder, 'clone');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('on the upstream branch the newest commit counts', () => {
  expect(haveChanged(['bench'], clone)).toBe(false);
  expect(haveChanged(['README.md'], clone)).toBe(true);
});

test('commits that upstream does not have count, however many follow', () => {
  commit(clone, 'bench/a.mjs', '2');
  commit(clone, 'README.md', '2');
  expect(haveChanged(['bench'], clone)).toBe(true);
  expect(haveChanged(['src'], clone)).toBe(false);
});

test('what is in no commit yet counts', () => {
  writeFileSync(join(clone, 'bench/a.mjs'), '3');
  expect(haveChanged(['bench'], clone)).toBe(true);
  git(clone, 'checkout', '-q', '.');
  expect(haveChanged(['bench'], clone)).toBe(false);
  writeFileSync(join(clone, 'bench/new.mjs'), '');
  expect(haveChanged(['bench'], clone)).toBe(true);
});

test('the commit to compare with can be named', () => {
  vi.stubEnv('FFMPEG_DNN_TEST_BASE', 'HEAD');
  expect(haveChanged(['README.md'], clone)).toBe(false);
  vi.stubEnv('FFMPEG_DNN_TEST_BASE', 'no-such-commit');
  expect(haveChanged(['bench'], clone)).toBe(true);
});

test('where there is nothing to compare with, everything counts as changed', () => {
  expect(haveChanged(['bench'], folder)).toBe(true);
});
