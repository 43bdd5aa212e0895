/** Fonts as TrueType and OpenType files keep them: the names of their families (OpenType 1.9, `name`). */

/** A font's families, as Windows calls them and libass looks them up, and the name of its style. */
export interface FontNames {
  readonly families: readonly string[];
  /** `Regular`, `Bold`; empty where the file does not say. */
  readonly style: string;
}

/** One record of the table `name`. */
export interface NameRecord {
  readonly platform: number;
  readonly encoding: number;
  readonly language: number;
  readonly name: number;
  readonly text: Uint8Array;
}

/** A table's entry in the directory, and where that entry stands. */
export interface TableEntry {
  readonly entry: number;
  readonly offset: number;
  readonly length: number;
}

export const windowsPlatform = 3;
export const nameId = { family: 1, style: 2, fullName: 4 } as const;

const versions = [0x00010000, 0x4f54544f, 0x74727565, 0x74746366];
const collection = 0x74746366;

/** Whether a file is a font that FreeType reads, by its first four bytes; `ttcf` holds several. */
export function isFont(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && versions.includes(viewOf(bytes).getUint32(0));
}

/** Whether it holds one font alone. */
export function isSingleFont(bytes: Uint8Array): boolean {
  return isFont(bytes) && viewOf(bytes).getUint32(0) !== collection;
}

/** Undefined where the table is missing or reaches beyond the end. */
export function findTable(bytes: Uint8Array, tag: string): TableEntry | undefined {
  const view = viewOf(bytes);
  const count = bytes.length >= 12 ? view.getUint16(4) : 0;
  for (let index = 0; index < count && 28 + 16 * index <= bytes.length; index++) {
    const entry = 12 + 16 * index;
    if (String.fromCharCode(...bytes.subarray(entry, entry + 4)) !== tag) continue;
    const [offset, length] = [view.getUint32(entry + 8), view.getUint32(entry + 12)];
    return offset + length <= bytes.length ? { entry, offset, length } : undefined;
  }
  return undefined;
}

/** The records of the table `name`; those that reach beyond the table are left out. */
export function nameRecords(bytes: Uint8Array): NameRecord[] {
  const table = findTable(bytes, 'name');
  if (table === undefined || table.length < 6) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset + table.offset, table.length);
  const strings = view.getUint16(4);
  const records: NameRecord[] = [];
  for (let index = 0; index < view.getUint16(2) && 18 + 12 * index <= table.length; index++) {
    const [platform, encoding, language, name, length, offset] = [0, 2, 4, 6, 8, 10].map((field) =>
      view.getUint16(6 + 12 * index + field),
    ) as [number, number, number, number, number, number];
    const start = table.offset + strings + offset;
    if (strings + offset + length > table.length) continue;
    records.push({ platform, encoding, language, name, text: bytes.subarray(start, start + length) });
  }
  return records;
}

/** What libass would look the font up by. */
export function fontNames(bytes: Uint8Array): FontNames {
  const utf16 = new TextDecoder('utf-16be');
  const named = nameRecords(bytes).filter(({ platform }) => platform === windowsPlatform);
  const texts = (id: number): string[] =>
    named.filter(({ name }) => name === id).map(({ text }) => utf16.decode(text));
  return {
    families: [...new Set([...texts(nameId.family), ...texts(nameId.fullName)])],
    style: texts(nameId.style)[0] ?? '',
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
