/** A font under more names: the substitution that fontconfig makes where a core has no fontconfig. */
import { findTable, nameId, nameRecords, windowsPlatform, type NameRecord } from './sfnt.ts';

const englishUnitedStates = 0x409;
const unicode = 1;

/** FreeType's and libass's own limit is 100 names of one kind. */
export const mostFamilies = 64;

/**
 * @param font a file of one font; not changed.
 * @param families up to `mostFamilies`, which it gets beside its own.
 * @returns undefined where the file has no table of names.
 */
export function fontWithFamilies(
  font: Uint8Array,
  families: readonly string[],
): Uint8Array<ArrayBuffer> | undefined {
  const old = findTable(font, 'name');
  if (old === undefined) return undefined;
  const added = families.map((family) => ({
    platform: windowsPlatform,
    encoding: unicode,
    language: englishUnitedStates,
    name: nameId.family,
    text: utf16(family),
  }));
  const table = nameTable([...nameRecords(font), ...added]);
  const offset = (font.length + 3) & ~3;
  const bytes = new Uint8Array(offset + table.length);
  bytes.set(font);
  bytes.set(table, offset);
  const view = new DataView(bytes.buffer);
  view.setUint32(old.entry + 4, checksum(table));
  view.setUint32(old.entry + 8, offset);
  view.setUint32(old.entry + 12, table.length);
  return bytes;
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) view.setUint16(2 * index, text.charCodeAt(index));
  return bytes;
}

/** Format 0 of the table, its length a multiple of 4. */
function nameTable(records: readonly NameRecord[]): Uint8Array {
  const strings = 6 + 12 * records.length;
  const size = records.reduce((sum, { text }) => sum + text.length, 0);
  const bytes = new Uint8Array((strings + size + 3) & ~3);
  const view = new DataView(bytes.buffer);
  view.setUint16(2, records.length);
  view.setUint16(4, strings);
  let offset = 0;
  for (const [index, { platform, encoding, language, name, text }] of records.entries()) {
    for (const [field, value] of [platform, encoding, language, name, text.length, offset].entries()) {
      view.setUint16(6 + 12 * index + 2 * field, value);
    }
    bytes.set(text, strings + offset);
    offset += text.length;
  }
  return bytes;
}

/** Sum of the table's 32-bit words. */
function checksum(table: Uint8Array): number {
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  let sum = 0;
  for (let index = 0; index < table.length; index += 4) sum = (sum + view.getUint32(index)) >>> 0;
  return sum;
}
