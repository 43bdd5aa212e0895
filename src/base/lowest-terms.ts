/** Ratios of whole numbers in lowest terms. */

/**
 * The greatest common divisor of two whole numbers that are not negative and at most 2^53; that of 0 and a
 * number is the number.
 */
export function commonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** The same ratio in lowest terms; of whole numbers that are not negative, one of them not 0. */
export function lowestTerms({ num, den }: { readonly num: number; readonly den: number }): {
  readonly num: number;
  readonly den: number;
} {
  const divisor = commonDivisor(num, den);
  return { num: num / divisor, den: den / divisor };
}
