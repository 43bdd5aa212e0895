/**
 * What the suite found, written to a file for each group: `scripts/conformance.mjs` makes its table of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestInfo } from 'playwright/test';

export interface ConformanceResult {
  readonly title: string;
  readonly rows: readonly string[];
  readonly filter: string;
  readonly format?: string;
  readonly backend?: string;
  /** Whose result ours is compared with. */
  readonly reference: 'stock ffmpeg' | 'by hand';
  readonly samples?: number;
  readonly identical?: number;
  readonly largest?: number;
  readonly passed: boolean;
  /** What stock ffmpeg did where it is not a picture, and what was wrong here. */
  readonly note?: string;
}

export const reportFolder = 'reports/conformance';

/** Writes what a group found beside the report and attaches it to the test. */
export async function record(
  group: string,
  results: readonly ConformanceResult[],
  info: TestInfo,
): Promise<void> {
  mkdirSync(reportFolder, { recursive: true });
  const text = `${JSON.stringify(results, undefined, 1)}\n`;
  writeFileSync(join(reportFolder, `${group}.json`), text);
  await info.attach(group, { body: text, contentType: 'application/json' });
}

/** Writes which rows have cases, and the texts of the lists that are written by hand. */
export function recordCoverage(coverage: Readonly<Record<string, unknown>>): void {
  mkdirSync(reportFolder, { recursive: true });
  writeFileSync(join(reportFolder, 'coverage.json'), `${JSON.stringify(coverage, undefined, 1)}\n`);
}
