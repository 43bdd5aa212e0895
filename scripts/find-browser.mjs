/**
 * Finds a Chromium for the specs and the command line: the path in FFMPEG_DNN_BROWSER, Playwright's own
 * download, an installed Chrome or Chromium; `installBrowser` then tries to get one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'msedge',
];

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * Switches for a headless run without network: no request of the browser's own leaves the machine. Chromium
 * refuses to sandbox for root, so the sandbox is off there and only there.
 */
export function browserArguments() {
  const quiet = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
}

/** @returns {Promise<string | undefined>} */
async function playwrightsOwn() {
  try {
    const { chromium } = await import('playwright');
    const path = chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    // Playwright is optional, and throws where it has no download for this system.
    return undefined;
  }
}

/**
 * @returns {Promise<string | undefined>} the path of a browser, or undefined where there is none
 * @throws {Error} where FFMPEG_DNN_BROWSER names a file that does not exist
 */
export async function findBrowser() {
  const given = process.env['FFMPEG_DNN_BROWSER'];
  if (given) {
    if (!existsSync(given)) throw new Error(`FFMPEG_DNN_BROWSER names ${given}, which does not exist.`);
    return given;
  }
  const own = await playwrightsOwn();
  if (own) return own;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...usualPlaces].find((path) => existsSync(path));
}

export const browserAdvice =
  'No Chromium was found. Install Chrome or Chromium, run `npx playwright install chromium`, ' +
  'or set FFMPEG_DNN_BROWSER to the path of one.';

/**
 * Installs a browser: Playwright's download, else Debian's package where that is possible.
 *
 * @returns {Promise<string>} its path
 * @throws {Error} with advice where none could be installed
 */
export async function installBrowser() {
  process.stderr.write('No Chromium found: trying to install one.\n');
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: ['ignore', 2, 2], timeout: 300_000 });
  let found = await findBrowser();
  if (!found && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env });
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: ['ignore', 2, 2], env });
    found = await findBrowser();
  }
  if (!found) throw new Error(browserAdvice);
  return found;
}
