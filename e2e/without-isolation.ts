/** A page without cross-origin isolation. */
import type { Page } from 'playwright/test';

const isolationHeaders = ['cross-origin-opener-policy', 'cross-origin-embedder-policy'];

/** Pages whose specs are done, though they may still load. */
const finished = new WeakSet<Page>();

/** Says that the page's spec is done: what its page still asks for then is nobody's concern. */
export function finish(page: Page): void {
  finished.add(page);
}

/** Serves every file without the two headers, until {@link finish}. */
export async function withoutIsolation(page: Page): Promise<void> {
  // A page that was filled in by hand counts as public, and may not talk to the
  // dev server's socket without this.
  await page.context().grantPermissions(['local-network-access']);
  await page.route('**/*', async (route) => {
    try {
      // A server that closes idle connections may do so just when one is to be used again.
      const response = await route.fetch({ maxRetries: 3 });
      const headers = Object.entries(response.headers()).filter(([name]) => !isolationHeaders.includes(name));
      await route.fulfill({ response, headers: Object.fromEntries(headers) });
    } catch (error) {
      // The page goes with its spec, in the middle of an answer: thrown, that would end the whole runner.
      if (!finished.has(page)) throw error;
    }
  });
}
