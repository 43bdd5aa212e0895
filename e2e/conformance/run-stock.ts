/** A command in stock ffmpeg.wasm, and a filter of ours, on the page that has both. */
import type { Page } from 'playwright/test';
import type { FilterJob, FilterOutcome } from '../filter-page.ts';

export interface StockRun {
  /** -1 where the core crashed. */
  readonly exitCode: number;
  readonly bytes: Buffer;
  readonly log: readonly string[];
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** @param model of the file `m.model`, which the command may name. */
export async function runStock(
  page: Page,
  args: readonly string[],
  model: Uint8Array,
  output: string,
): Promise<StockRun> {
  const {
    exitCode,
    output: text,
    log,
  } = await page.evaluate(([words, data, path]) => window.runStock(words, 'm.model', data, path), [
    args,
    base64(model),
    output,
  ] as const);
  return { exitCode, bytes: Buffer.from(text, 'base64'), log };
}

export interface FilterRun extends Omit<FilterJob, 'files' | 'frame'> {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly frame: Uint8Array;
}

export interface FilterResult extends Omit<FilterOutcome, 'frame'> {
  /** Where the filters did not fail. */
  readonly frame?: Buffer;
}

/** Runs DNN filters of ours on one frame; a refusal is part of the outcome. */
export async function runFilter(page: Page, run: FilterRun): Promise<FilterResult> {
  const files = Object.fromEntries(Object.entries(run.files).map(([path, bytes]) => [path, base64(bytes)]));
  const job: FilterJob = { ...run, files, frame: base64(run.frame) };
  const { frame, ...outcome } = await page.evaluate((given) => window.runFilter(given), job);
  return { ...outcome, ...(frame === undefined ? {} : { frame: Buffer.from(frame, 'base64') }) };
}
