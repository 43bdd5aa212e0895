/**
 * One page with the library for all specs of a Playwright worker, one after another: to open it and to
 * compile ffmpeg's core takes longer than most of them.
 */
import type { Page } from 'playwright/test';
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
   * After a spec: the page is emptied for the next one, or closed where the library is not loaded any more.
   */
  async takeBack(): Promise<void> {
    if (this.#kept === undefined) return;
    if (await this.#kept.isLoaded()) await this.#kept.empty();
    else await this.close();
  }

  async close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.page.close();
  }
}
