/** Workers of a page that answer. */
import type { Page, Worker } from 'playwright/test';

/**
 * How many there are. One that ended together with the worker that had started it
 * may stay in the driver's list.
 */
export async function aliveWorkers(page: Page): Promise<number> {
  const answers = page
    .workers()
    .map((worker) =>
      Promise.race([worker.evaluate(() => 1).catch(() => 0), page.waitForTimeout(1000).then(() => 0)]),
    );
  return (await Promise.all(answers)).reduce((sum: number, one: number) => sum + one, 0);
}

/** The newest worker with `name` in the address of its script: earlier ones in the list may have ended. */
export function newestWorker(page: Page, name: string): Worker | undefined {
  return page.workers().findLast((worker) => worker.url().includes(name));
}
