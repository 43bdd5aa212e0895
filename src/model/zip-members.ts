/** The names of the files in a zip archive: what tells the formats apart that are zip archives. */

/** More members than this are not looked at. */
const mostMembers = 256;

const latin1 = new TextDecoder('latin1');

/**
 * Names by the local file headers (APPNOTE.TXT 4.3.7) as far as they follow one another; archives
 * whose writers did not know the sizes beforehand show their first name only, and the others by
 * the central directory at the end.
 */
export function containerMembers(bytes: Uint8Array): string[] {
  const names = [
    ...headerNames(bytes, 0x04034b50, 30, 26, 0),
    ...headerNames(bytes, 0x02014b50, 46, 28, centralDirectory(bytes)),
  ];
  return [...new Set(names)];
}

/** Offset of the central directory, by the record at the end; the end of the file where there is none. */
function centralDirectory(bytes: Uint8Array): number {
  const end = endRecord(bytes);
  if (end === undefined) return bytes.length;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(end + 16, true);
}

/** Offset of the record at the end; undefined where there is none. */
function endRecord(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The record is followed by a comment of at most 64 KiB.
  for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 65558; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  return undefined;
}

function headerNames(
  bytes: Uint8Array,
  mark: number,
  length: number,
  nameAt: number,
  from: number,
): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names: string[] = [];
  let at = from;
  while (names.length < mostMembers && at + length <= bytes.length && view.getUint32(at, true) === mark) {
    const [name, extra] = [view.getUint16(at + nameAt, true), view.getUint16(at + nameAt + 2, true)];
    names.push(latin1.decode(bytes.subarray(at + length, at + length + name)));
    const rest = length === 46 ? view.getUint16(at + 32, true) : view.getUint32(at + 18, true);
    at += length + name + extra + rest;
  }
  return names;
}

/**
 * The first file of an archive whose name fits, as a view; undefined where there is none, or only one that is
 * packed. The archive may stand behind other content, from which on its offsets count, or from the start.
 */
export function plainMember(bytes: Uint8Array, name: RegExp): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(bytes);
  if (end === undefined) return undefined;
  const directory = end - view.getUint32(end + 12, true);
  const start = directory - view.getUint32(end + 16, true);
  let at = directory;
  while (at >= 0 && at + 46 <= bytes.length && view.getUint32(at, true) === 0x02014b50) {
    const nameBytes = view.getUint16(at + 28, true);
    if (name.test(latin1.decode(bytes.subarray(at + 46, at + 46 + nameBytes)))) {
      const header = start + view.getUint32(at + 42, true);
      const isPlain = view.getUint16(at + 10, true) === 0;
      if (!isPlain || header < 0 || header + 30 > bytes.length) return undefined;
      const from = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
      return bytes.subarray(from, from + view.getUint32(at + 20, true));
    }
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return undefined;
}
