/** What every benchmark gets: `export async function NAME(context: BenchContext): Promise<BenchResult>`. */
import type { Material } from './material.mjs';

export interface BenchContext {
  /** Clips and models. */
  readonly material: Material;
  /** For everything that the benchmarks write; removed at the end. */
  readonly folder: string;
  /** How often everything that is compared runs, in turn; first runs are apart from these. */
  readonly rounds: number;
  /** Length of clips, where a benchmark has none of its own. */
  readonly seconds: number;
  /**
   * `quick`: all benchmarks together within five minutes on two cores. `smoke`:
   * whether it works, not how fast.
   */
  readonly mode: 'full' | 'quick' | 'smoke';
  /** The only network that backends are compared on. */
  readonly network?: string | undefined;
  readonly browser: 'chromium' | 'firefox' | 'webkit';
  /** Prints a line as the benchmark goes. */
  readonly log: (line: string) => void;
}
