/** Arithmetic of C that JavaScript does otherwise, as libavutil/eval.c uses it. */

/** Registers of an expression (VARS). */
export const registerCount = 10;

/** The register that a number means: av_clip of its conversion to int, which makes 0 of what is no int. */
export function register(value: number): number {
  const whole = Math.trunc(value);
  if (!(Math.abs(whole) <= 2 ** 31)) return 0;
  return Math.min(Math.max(whole, 0), registerCount - 1);
}

const leastInt64 = -(1n << 63n);

/** Conversion to int64_t; what does not fit becomes the least one, as on x86. */
export function toInt64(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : leastInt64;
}

/**
 * The greatest common divisor (libavutil/mathematics.c · av_gcd), which of 0 and a
 * number is that number with its sign.
 */
export function gcd(left: bigint, right: bigint): number {
  if (left === 0n) return Number(right);
  if (right === 0n) return Number(left);
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b !== 0n) [a, b] = [b, a % b];
  return Number(a);
}

/** C's round: halves go away from zero. */
export function halfAwayFromZero(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

/** C's pow: 1 to any power is 1, and so is -1 to an infinite one. */
export function cPow(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}

/** The generator of `random`: one step of a linear congruence in 64 bits. */
export function nextRandom(seed: number): bigint {
  const whole = isNaN(seed) ? 0n : BigInt.asUintN(64, BigInt(Math.trunc(Number.isFinite(seed) ? seed : 0)));
  return BigInt.asUintN(64, whole * 1664525n + 1013904223n);
}

/** The bits of a byte in the other order (libavutil/reverse.c · ff_reverse). */
export function bitReversed(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
}
