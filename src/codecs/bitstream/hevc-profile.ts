/** H.265's profile, tier and level (Rec. ITU-T H.265, 7.3.3), and how codec strings tell them. */
import type { BitReader } from './bit-reader.ts';

/** Bytes of the constraint flags. */
const CONSTRAINTS = 6;
/** Bits of the profile of a sub-layer. */
const SUB_LAYER_PROFILE = 88;
const MOST_SUB_LAYERS = 8;

/**
 * Reads profile_tier_level of a stream with sub-layers.
 *
 * @returns the end of a codec string (ISO/IEC 14496-15, E.3): `1.6.L93.B0`.
 */
export function readHevcProfile(bits: BitReader, subLayers: number): string {
  const space = ['', 'A', 'B', 'C'][bits.bits(2)]!;
  const tier = bits.flag() ? 'H' : 'L';
  const profile = bits.bits(5);
  // The first flag is the lowest bit.
  let compatibility = 0;
  for (let i = 0; i < 32; i++) compatibility += bits.bit() * 2 ** i;
  const constraints = Array.from({ length: CONSTRAINTS }, () => bits.bits(8));
  const level = bits.bits(8);
  skipSubLayers(bits, subLayers);
  const used = constraints.slice(0, constraints.findLastIndex((byte) => byte !== 0) + 1);
  const hex = (value: number): string => value.toString(16).toUpperCase();
  return [`${space}${profile}`, hex(compatibility), `${tier}${level}`, ...used.map(hex)].join('.');
}

function skipSubLayers(bits: BitReader, count: number): void {
  if (count === 0) return;
  const present = Array.from({ length: count }, () => [bits.flag(), bits.flag()] as const);
  bits.skip(2 * (MOST_SUB_LAYERS - count)); // reserved_zero_2bits
  for (const [hasProfile, hasLevel] of present) {
    if (hasProfile) bits.skip(SUB_LAYER_PROFILE);
    if (hasLevel) bits.skip(8);
  }
}
