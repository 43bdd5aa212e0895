/** A command in stock ffmpeg.wasm, on the page that has both. */
import type { Page } from 'playwright/test';

export interface StockRun {
  /** -1 where the core crashed. */
  readonly exitCode: number;
  readonly bytes: Buffer;
  readonly log: readonly string[];
}

/** @param model of the file `m.model`, which the command may name. */
export async function runStock(
  page: Page,
  args: readonly string[],
  model: Uint8Array,
  output: string,
): Promise<StockRun> {
  const { exitCode, output: text, log } = await page.evaluate(
    ([words, data, path]) => window.runStock(words, 'm.model', data, path),
    [args, Buffer.from(model).toString('base64'), output] as const,
  );
  return { exitCode, bytes: Buffer.from(text, 'base64'), log };
}
