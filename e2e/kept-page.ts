/**
 * One page with the library for all specs of a Playwright worker, one after another: to open it and to
 * compile ffmpeg's core takes longer than most of them.
 */
import type { Page } from 'playwright/test';
import { aliveWorkers } from './alive-workers.ts';
import { FFmpegPage } from './ffmpeg-page.ts';

export class KeptPage {
  readonly #openPage: () => Promise<Page>;
  #kept: FFmpegPage | undefined;

  /** @param openPage gives an empty page, which is this object's from then on. */
  constructor(openPage: () => Promise<Page>) {
    this.#openPage = openPage;
  }

  /** The page, with the library loaded and no files. */
  async open(): Promise<FFmpegPage> {
    if (this.#kept !== undefined) return this.#kept;
    const ffmpeg = new FFmpegPage(await this.#openPage());
    await ffmpeg.open();
    return (this.#kept = ffmpeg);
  }

  /**
   * After a spec: the page is emptied for the next one. It is closed where the library is not loaded any
   * more, or where the driver still lists workers that have ended: the next spec could take one for its own.
   */
  async takeBack(): Promise<void> {
    if (this.#kept === undefined) return;
    const { page } = this.#kept;
    const isGood = (await this.#kept.isLoaded()) && (await aliveWorkers(page)) === page.workers().length;
    if (isGood) await this.#kept.empty();
    else await this.close();
  }

  async close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.page.close();
  }
}
