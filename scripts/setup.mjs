/**
 * Prepares a fresh clone: installs dependencies, builds the kernels, makes the default models, and with
 * `--browser` finds or installs a browser. Needs nothing but Node, so that it can run before the first
 * `npm ci`; does nothing where all is up to date.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './with-lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * What the installed packages were made from; npm's own copy of the lock file is
 * rewritten by it and cannot tell.
 */
const stamp = join(root, 'node_modules', '.setup-stamp');

function lockHash() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    hash.update(readFileSync(join(root, name)));
  return hash.digest('hex');
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();
}

/** Installs exactly what the lock file names, unless that is what is there. */
function installDependencies() {
  if (isInstalled()) return;
  process.stderr.write('Installing dependencies (npm ci) …\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) {
    throw new Error(
      'npm ci failed: see above. Check the network and the registry in your npm configuration.',
    );
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lockHash());
}

export async function setUp({ browser = false } = {}) {
  if (!isInstalled()) await withLock(installDependencies);
  const { buildKernels } = await import('./build-kernels.mjs');
  await buildKernels();
  const { convertDefaultModels } = await import('./convert-default-models.mjs');
  await convertDefaultModels();
  const { copyDetectionModels } = await import('./copy-detection-models.mjs');
  await copyDetectionModels();
  const { copyEsrganModel } = await import('./copy-esrgan-model.mjs');
  await copyEsrganModel();
  if (browser) {
    const { findBrowser, installBrowser } = await import('./find-browser.mjs');
    const path = (await findBrowser()) ?? (await installBrowser());
    process.stderr.write(`Browser: ${path}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setUp({ browser: process.argv.includes('--browser') });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
