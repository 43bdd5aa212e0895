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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The record is followed by a comment of at most 64 KiB.
  for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 65558; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return view.getUint32(at + 16, true);
  }
  return bytes.length;
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
