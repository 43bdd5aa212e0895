/** Isolates a page on a host that cannot send the two headers, by a service worker that adds them. */
import { errorMessage } from '../base/errors.ts';
import type { EmbedderPolicy } from './isolated-response.ts';

/** Which service worker isolates the page, and how. */
export interface IsolationOptions {
  /**
   * Of the package's `ffmpeg-dnn-isolation.js`, relative to the page; it isolates the pages of its folder.
   */
  readonly url?: string;
  /**
   * `credentialless` allows files of other origins that send no
   * `Cross-Origin-Resource-Policy`; not in every browser.
   */
  readonly policy?: EmbedderPolicy;
}

/** Why a page is not isolated. */
export type IsolationObstacle =
  'reloading' | 'insecure' | 'embedded' | 'unsupported' | 'no-storage' | 'failed' | 'reloaded';

/** Whether the page has shared memory now. */
export interface IsolationResult {
  /** `crossOriginIsolated`. */
  readonly isolated: boolean;
  /** Where it is not. */
  readonly reason?: IsolationObstacle;
  /** One sentence for people: what is missing and what to do. */
  readonly message?: string;
}

/** That this page was reloaded once; for as long as its tab. */
const guard = 'ffmpeg-dnn isolation reload';

const messages = {
  reloading: 'The page loads once more, now isolated.',
  insecure: 'Isolation needs https, or localhost.',
  embedded: 'A page in a frame is isolated only where the page around it is: open it in a tab of its own.',
  unsupported:
    'This browser window has no service workers, as private windows of some browsers have none: use a normal window, or ' +
    'let the host send the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy.',
  'no-storage':
    'The page has no session storage, so that a reload could repeat for ever: reload it once by hand.',
  failed: 'The service worker could not be registered',
  reloaded:
    'The page was reloaded once and is still not isolated: reload it by hand, not past the cache; else this browser does ' +
    'not take the headers from a service worker.',
} as const satisfies Record<IsolationObstacle, string>;

/**
 * Registers the service worker, and reloads the page once, since headers count from the start of a page only.
 * At most one reload in a tab's session: where it does not help, the result says why.
 *
 * Call it before anything that a reload would lose. Does nothing on a page that is isolated already.
 */
export async function registerIsolation(options: IsolationOptions = {}): Promise<IsolationResult> {
  if (globalThis.crossOriginIsolated) return { isolated: true };
  if (!globalThis.isSecureContext) return obstacle('insecure');
  if (globalThis.top !== globalThis.self) return obstacle('embedded');
  if (!('serviceWorker' in navigator)) return obstacle('unsupported');
  const { url = 'ffmpeg-dnn-isolation.js', policy } = options;
  const address = new URL(url, document.baseURI);
  if (policy !== undefined) address.searchParams.set('coep', policy);
  try {
    await activated(await navigator.serviceWorker.register(address));
  } catch (error) {
    return obstacle('failed', `: ${errorMessage(error)} (${address.href})`);
  }
  switch (takeGuard()) {
    case 'taken':
      location.reload();
      return obstacle('reloading');
    case 'used':
      return obstacle('reloaded');
    case 'none':
      return obstacle('no-storage');
  }
}

function obstacle(reason: IsolationObstacle, detail = ''): IsolationResult {
  return { isolated: false, reason, message: messages[reason] + detail };
}

/** Only an active worker answers the reload. @throws Error where it gives up before. */
async function activated(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (worker === null || registration.active?.state === 'activated') return;
  await new Promise<void>((resolve, reject) => {
    const check = (): void => {
      if (worker.state === 'activated') resolve();
      else if (worker.state === 'redundant') reject(new Error('it did not start'));
    };
    worker.addEventListener('statechange', check);
    check();
  });
}

/** Storage is refused by throwing, in private windows and where cookies are blocked. */
function takeGuard(): 'taken' | 'used' | 'none' {
  try {
    if (sessionStorage.getItem(guard) !== null) return 'used';
    sessionStorage.setItem(guard, 'done');
    return 'taken';
  } catch {
    return 'none';
  }
}
