/** Starts headless Chromium on a built page and runs one job in it. */
import type * as Playwright from 'playwright';
import type { LogEvent, Progress } from '../index.ts';
import { browserAdvice, browserArguments, findBrowser } from '../../scripts/find-browser.mjs';
import type { HeadlessJob, HeadlessResult } from './headless-job.ts';

/** What the job reports while it runs. */
export interface HeadlessEvents {
  log(event: LogEvent): void;
  progress(progress: Progress): void;
}

export class HeadlessBrowser {
  readonly #browser: Playwright.Browser;
  readonly #page: Playwright.Page;
  readonly #crashed: Promise<never>;

  private constructor(browser: Playwright.Browser, page: Playwright.Page) {
    this.#browser = browser;
    this.#page = page;
    this.#crashed = new Promise((_resolve, reject) => {
      page.once('crash', () => {
        reject(
          new Error(
            'The browser tab crashed, most likely for lack of memory; use smaller frames or nireq=1.',
          ),
        );
      });
      browser.once('disconnected', () => {
        reject(new Error('The browser ended before the job did.'));
      });
    });
    this.#crashed.catch(() => undefined);
  }

  /**
   * @param pageUrl the headless page on a server that sends the isolation headers
   * @throws Error with advice where Playwright or a browser is missing
   */
  static async start(pageUrl: string, events: HeadlessEvents): Promise<HeadlessBrowser> {
    const { chromium } = await importPlaywright();
    const executablePath = await findBrowser();
    if (executablePath === undefined) throw new Error(browserAdvice);
    // Ctrl-C is ours: the first one lets ffmpeg finish the file.
    const browser = await chromium.launch({
      executablePath,
      args: browserArguments(),
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    try {
      const page = await browser.newPage();
      await page.exposeFunction('onHeadlessLog', (event: LogEvent) => {
        events.log(event);
      });
      await page.exposeFunction('onHeadlessProgress', (progress: Progress) => {
        events.progress(progress);
      });
      page.on('pageerror', (error) => {
        events.log({ type: 'stderr', message: `page error: ${error.message}` });
      });
      await page.goto(pageUrl);
      return new HeadlessBrowser(browser, page);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /**
   * Runs the job; the browser opens its input files from disk.
   *
   * @param paths of the job's inputs on disk.
   */
  async run(job: HeadlessJob, paths: readonly string[]): Promise<HeadlessResult> {
    await this.#page.setInputFiles('#files', [...paths]);
    const running = this.#page.evaluate((value) => window.runHeadlessJob(value), job);
    return Promise.race([running, this.#crashed]);
  }

  /** Asks ffmpeg to finish the file. */
  async stop(): Promise<void> {
    await this.#page.evaluate(() => window.stopHeadlessJob());
  }

  /** Ends the browser and with it every worker. */
  async close(): Promise<void> {
    await this.#browser.close();
  }
}

async function importPlaywright(): Promise<typeof Playwright> {
  try {
    return await import('playwright');
  } catch (cause) {
    throw new Error(
      'The command line drives a browser through Playwright: install it with `npm install playwright`.',
      {
        cause,
      },
    );
  }
}
