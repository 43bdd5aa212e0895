/** A page without cross-origin isolation. */
import type { Page } from 'playwright/test';

const isolationHeaders = ['cross-origin-opener-policy', 'cross-origin-embedder-policy'];

/** Serves every file without the two headers. */
export async function withoutIsolation(page: Page): Promise<void> {
  // A page that was filled in by hand counts as public, and may not talk to the dev server's socket without this.
  await page.context().grantPermissions(['local-network-access']);
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const headers = Object.entries(response.headers()).filter(([name]) => !isolationHeaders.includes(name));
    await route.fulfill({ response, headers: Object.fromEntries(headers) });
  });
}
