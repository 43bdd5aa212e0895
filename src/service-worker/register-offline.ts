/** Lets a built page work without a network after the first visit. */

/**
 * Registers the service worker once the page itself is loaded. Where it cannot be, the page
 * works as before, with a network.
 *
 * @param url of the service worker, relative to the page.
 * @returns whether everything is kept that a job needs.
 */
export async function registerOffline(url = 'ffmpeg-dnn-offline.js'): Promise<boolean> {
  if (!('serviceWorker' in navigator) || savesData()) return false;
  await loaded();
  try {
    await navigator.serviceWorker.register(new URL(url, document.baseURI));
    await navigator.serviceWorker.ready;
    return true;
  } catch {
    // No file of that name, a policy, a private window: none of it keeps the page from working.
    return false;
  }
}

/** The visitor asked for few bytes: what a job needs is then fetched with the first job, and not before. */
function savesData(): boolean {
  const { connection } = navigator as { connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true;
}

function loaded(): Promise<void> {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    addEventListener(
      'load',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
