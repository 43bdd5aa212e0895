/** One entry of the record of known differences (known-differences.test-support.ts). */

/** One difference of a backend. */
export interface Difference {
  /** The op as docs/support.md names it. */
  readonly op: string;
  /** What the backend does instead, as docs/support.md says it. */
  readonly instead: string;
  /**
   * `refused`: the model is refused before the first picture; `wrong`: other values, or a
   * failure while it runs.
   */
  readonly kind: 'wrong' | 'refused';
  /** Titles of the cases that show it: every one of them does. */
  readonly cases: readonly string[];
}
