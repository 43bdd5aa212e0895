/** Cuts H.264 and H.265 into NAL units, with start codes or lengths between them. */
import { DnnError } from '../../base/errors.ts';

/** One NAL unit, header included. */
export interface NalUnit {
  readonly bytes: Uint8Array;
  /** Where it begins in what holds it. */
  readonly offset: number;
}

/** Whether bytes begin with a start code (Rec. ITU-T H.264, annex B). */
export function hasStartCode(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  return a === 0 && b === 0 && (c === 1 || (c === 0 && d === 1));
}

/** The units of a byte stream (annex B), without the zeros behind them. */
export function* startCodeUnits(bytes: Uint8Array): Generator<NalUnit> {
  let offset = afterStartCode(bytes, 0);
  while (offset < bytes.length) {
    const next = afterStartCode(bytes, offset);
    let end = next - 3;
    if (next > bytes.length) end = bytes.length;
    while (end > offset && bytes[end - 1] === 0) end -= 1;
    if (end > offset) yield { bytes: bytes.subarray(offset, end), offset };
    offset = next;
  }
}

/** The first byte behind the next `00 00 01`; beyond the end where there is none. */
function afterStartCode(bytes: Uint8Array, from: number): number {
  for (let one = bytes.indexOf(1, from + 2); one >= 0; one = bytes.indexOf(1, one + 1)) {
    if (bytes[one - 1] === 0 && bytes[one - 2] === 0) return one + 1;
  }
  return bytes.length + 1;
}

/**
 * The units of a packet in which each has its length in front of it (ISO/IEC 14496-15, 4.3.3).
 *
 * @throws DnnError `EINVAL` for a unit that goes beyond the end.
 */
export function* lengthPrefixedUnits(bytes: Uint8Array, lengthSize: number): Generator<NalUnit> {
  for (let position = 0; position < bytes.length;) {
    const unit = prefixedUnit(bytes, position, lengthSize);
    if (unit.bytes.length > 0) yield unit;
    position = unit.offset + unit.bytes.length;
  }
}

/** The unit whose length stands at `position`. @throws DnnError `EINVAL` where it goes beyond the end. */
export function prefixedUnit(bytes: Uint8Array, position: number, lengthSize: number): NalUnit {
  const offset = position + lengthSize;
  let length = 0;
  for (let i = position; i < offset; i++) length = 256 * length + (bytes[i] ?? 0);
  if (offset + length > bytes.length) {
    const message = `NAL unit, byte ${position}: its ${length} bytes go beyond the end at byte ${bytes.length}`;
    throw new DnnError('EINVAL', message, { part: 'NAL unit', offset: position });
  }
  return { bytes: bytes.subarray(offset, offset + length), offset };
}
