/** The built demo, as a visitor works it who presses Enhance and nothing else. */
/* global document, navigator -- in page.evaluate */
import { openProductPage } from './product-page.mjs';

/** @typedef {import('playwright').Page} Page */

/**
 * Visits the demo, and waits until it works offline: what it keeps for that is not the job's doing.
 *
 * @param {import('playwright').BrowserContext} context
 * @param {import('./static-server.mjs').StaticServer} server which has the built pages
 * @returns {Promise<Page>}
 */
export async function openDemo(context, server) {
  const page = await openProductPage(context, server, '/');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  return page;
}

/**
 * Enhances the demo's own sample with the network that is chosen there. Nothing on the page is focused,
 * and nothing asks it meanwhile.
 *
 * @param {Page} page of {@link openDemo}
 * @param {string} [outputOptions] of ffmpeg, before those of the demo
 * @throws {Error} with the element's message where the job fails
 */
export async function enhanceSample(page, outputOptions = '') {
  await page.evaluate(async (options) => {
    const [player, encode, enhance] = [
      document.querySelector('ffmpeg-dnn'),
      document.querySelector('#encode'),
      document.querySelector('#enhance'),
    ];
    if (player === null || !(encode instanceof HTMLInputElement) || !(enhance instanceof HTMLButtonElement))
      throw new Error('The demo has other controls than this benchmark knows.');
    encode.value = `${options} ${encode.value}`.trim();
    await new Promise((resolve, reject) => {
      player.addEventListener('complete', resolve, { once: true });
      player.addEventListener(
        'error',
        () => {
          reject(player.error ?? new Error('The job failed.'));
        },
        { once: true },
      );
      enhance.click();
    });
  }, outputOptions);
}
