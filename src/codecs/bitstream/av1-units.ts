/** Cuts AV1 into open bitstream units (AV1 Bitstream & Decoding Process Specification, 5.3). */
import { DnnError } from '../../base/errors.ts';

/** obu_type, 6.2.2. */
export const obuTypes = { SEQUENCE_HEADER: 1, FRAME_HEADER: 3, FRAME: 6 } as const;

export interface Av1Unit {
  readonly type: number;
  /** Without its header. */
  readonly bytes: Uint8Array;
  /** Where `bytes` begin in what holds them. */
  readonly offset: number;
}

/** Bytes of leb128, 4.10.5. */
const LEB128_BYTES = 8;

/**
 * The units from `start` on.
 *
 * @param part what holds them, for messages.
 * @throws DnnError `EINVAL` for a unit that goes beyond the end, or whose first bit is set.
 */
export function* av1Units(bytes: Uint8Array, part: string, start = 0): Generator<Av1Unit> {
  for (let position = start; position < bytes.length;) {
    const header = bytes[position]!;
    const hasExtension = (header & 4) !== 0;
    const hasSize = (header & 2) !== 0;
    if (header >= 128) throw invalid(part, position, 'no header of a unit');
    let offset = position + (hasExtension ? 2 : 1);
    let size = bytes.length - offset;
    if (hasSize) {
      const number = leb128(bytes, offset);
      if (number === undefined) throw invalid(part, position, 'no size of a unit');
      offset += number.length;
      size = number.value;
    }
    if (size < 0 || offset + size > bytes.length) {
      throw invalid(part, position, `its unit of ${size} bytes goes beyond the end at byte ${bytes.length}`);
    }
    yield { type: (header >> 3) & 15, bytes: bytes.subarray(offset, offset + size), offset };
    position = offset + size;
  }
}

function leb128(bytes: Uint8Array, start: number): { value: number; length: number } | undefined {
  let value = 0;
  for (let i = 0; i < LEB128_BYTES; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) return undefined;
    value += (byte & 127) * 128 ** i;
    if (byte < 128) return { value, length: i + 1 };
  }
  return undefined;
}

function invalid(part: string, offset: number, found: string): DnnError {
  return new DnnError('EINVAL', `${part}, byte ${offset}: ${found}`, { part, offset });
}
