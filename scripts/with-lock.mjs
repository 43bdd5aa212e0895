/**
 * Lets one process at a time prepare this checkout: set-up and build are safe
 * when two commands start at once.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const lock = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist', '.lock');

/** Whether the process that made the lock is alive: a lock of a killed one must not block for ever. */
function isHeld() {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

async function take() {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch {
      if (isHeld()) await sleep(200);
      else rmSync(lock, { force: true });
    }
  }
}

/**
 * @template T
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(work) {
  await take();
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}
