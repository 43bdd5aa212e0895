/**
 * Projects that use the packed package: copied out of the repository, installed from the registry that npm is
 * configured with, and built. The installed packages are kept for the next run.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const projects = join(tmpdir(), 'ffmpeg-dnn-consumers');

/** npm was not answered: nothing can be said of the package then. */
export class RegistryUnreachable extends Error {}

interface Outcome {
  readonly failed: boolean;
  readonly text: string;
}

/** Not what an npm that runs this says of its own project. */
function environment(): NodeJS.ProcessEnv {
  const inherited = /^(npm_(package|lifecycle|config_(local|global)_prefix|command|execpath)|INIT_CWD)/;
  const kept = Object.entries(process.env).filter(([name]) => !inherited.test(name));
  return { ...Object.fromEntries(kept), NEXT_TELEMETRY_DISABLED: '1' };
}

/** Runs a program; its output is for messages. */
export function run(command: string, args: readonly string[], cwd: string): Outcome {
  const shell = process.platform === 'win32';
  const done = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: environment(),
    shell,
    timeout: 200_000,
  });
  const text = [done.stdout, done.stderr, done.error?.message].join('\n');
  return { failed: done.status !== 0, text };
}

/** Packs what is built. @returns the path of the archive */
export function packPackage(): string {
  mkdirSync(projects, { recursive: true });
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', projects];
  const done = spawnSync('npm', args, {
    ...{ cwd: root, encoding: 'utf8', env: environment(), shell: process.platform === 'win32' },
  });
  if (done.status !== 0) throw new Error(`npm pack failed:\n${done.stderr}`);
  const [packed] = JSON.parse(done.stdout) as { filename: string }[];
  return join(projects, packed!.filename);
}

/** The dependencies of all projects in e2e/consumers. */
function dependencies(): Record<string, string> {
  const manifests = readdirSync(join(root, 'e2e/consumers')).map((name) => {
    const text = readFileSync(join(root, 'e2e/consumers', name, 'package.json'), 'utf8');
    return JSON.parse(text) as { dependencies: Record<string, string> };
  });
  return Object.assign({}, ...manifests.map((manifest) => manifest.dependencies)) as Record<string, string>;
}

/**
 * Installs the package, and what the projects build with, once for all of them.
 *
 * @throws RegistryUnreachable
 */
export function installPackages(archive: string): void {
  const manifest = { name: 'ffmpeg-dnn-consumers', private: true, dependencies: dependencies() };
  writeFileSync(join(projects, 'package.json'), JSON.stringify(manifest));
  rmSync(join(projects, 'node_modules/ffmpeg-dnn-wasm'), { recursive: true, force: true });
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--no-save', '--fetch-retries=1'];
  const { failed, text } = run('npm', ['install', ...options, archive], projects);
  if (!failed) return;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(text))
    throw new RegistryUnreachable(text.trim().split('\n')[0]);
  throw new Error(`npm install failed in ${projects}:\n${text}`);
}

/**
 * Copies a project beside the installed packages.
 *
 * @param name of its folder in e2e/consumers
 * @param model goes beside its page as `double.pb`
 * @returns its folder
 */
export function copyProject(name: string, model: Uint8Array): string {
  const folder = join(projects, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, 'e2e/consumers', name), folder, { recursive: true });
  mkdirSync(join(folder, 'public'), { recursive: true });
  for (const path of ['double.pb', 'public/double.pb']) writeFileSync(join(folder, path), model);
  // As if it had been installed here.
  symlinkSync(join(projects, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** Runs the project's own `build`. @throws Error with what the bundler says */
export function buildProject(folder: string): void {
  const { failed, text } = run('npm', ['run', 'build'], folder);
  if (failed) throw new Error(`npm run build failed in ${folder}:\n${text}`);
}
