/** The records in which MP4 keeps parameter sets (ISO/IEC 14496-15): avcC (5.3.3.1) and hvcC (8.3.3.1). */
import { DnnError } from '../../base/errors.ts';
import { type NalUnit, prefixedUnit } from './nal-units.ts';

export interface ConfigurationRecord {
  /** Bytes of the length in front of each NAL unit of a packet. */
  readonly lengthSize: number;
  readonly units: readonly NalUnit[];
}

/** Bytes of the length in front of a parameter set. */
const LENGTH = 2;
const HVCC_HEADER = 22;

/** @throws DnnError `EINVAL` for a record that is cut. */
export function readAvcC(bytes: Uint8Array): ConfigurationRecord {
  const at = byteOf(bytes, 'avcC');
  const units: NalUnit[] = [];
  let position = 5;
  for (const mask of [31, 255]) {
    const count = at(position) & mask;
    position += 1;
    for (let i = 0; i < count; i++) {
      const unit = prefixedUnit(bytes, position, LENGTH);
      units.push(unit);
      position = unit.offset + unit.bytes.length;
    }
  }
  return { lengthSize: (at(4) & 3) + 1, units };
}

/** @throws DnnError `EINVAL` for a record that is cut. */
export function readHvcC(bytes: Uint8Array): ConfigurationRecord {
  const at = byteOf(bytes, 'hvcC');
  const units: NalUnit[] = [];
  const arrays = at(HVCC_HEADER);
  let position = HVCC_HEADER + 1;
  for (let i = 0; i < arrays; i++) {
    const count = 256 * at(position + 1) + at(position + 2);
    position += 3;
    for (let k = 0; k < count; k++) {
      const unit = prefixedUnit(bytes, position, LENGTH);
      units.push(unit);
      position = unit.offset + unit.bytes.length;
    }
  }
  return { lengthSize: (at(HVCC_HEADER - 1) & 3) + 1, units };
}

function byteOf(bytes: Uint8Array, part: string): (position: number) => number {
  return (position) => {
    const byte = bytes[position];
    if (byte !== undefined) return byte;
    const message = `${part}, byte ${bytes.length}: it ends too early`;
    throw new DnnError('EINVAL', message, { part, offset: bytes.length });
  };
}
