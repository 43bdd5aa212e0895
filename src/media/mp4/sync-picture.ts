/** Which samples of a codec a player can start at, by their first bytes. */

/** Bytes that tell it. */
export const syncPrefix = 256;

/** MPEG-1, 2 and 4 under their names in mp4 and mov (libavformat/isom_tags.c). */
const mpegFormats = /^(mp4v|m[12]v|mp[12]v|hdv|xdv|xd[5h]|mx)/;

/**
 * @param format of the track, four characters.
 * @param bytes the first ones of a sample; few are enough.
 * @returns true also where the codec is none of those known here that refer to other pictures.
 */
export function isSyncPicture(format: string, bytes: Uint8Array): boolean {
  switch (format) {
    case 'vp09':
      return isVp9Key(bytes);
    case 'av01':
      return hasAv1Sequence(bytes);
    case 'h263':
    case 's263':
      // ITU-T H.263, 5.1.3: the ninth bit of the picture's type.
      return ((bytes[4] ?? 0) & 2) === 0;
    default:
      return !mpegFormats.test(format) || isMpegIntra(bytes);
  }
}

/** VP9 bitstream specification, 6.2: marker, profile, whether an earlier frame is shown, type. */
function isVp9Key([first = 0]: Uint8Array): boolean {
  const isLastProfile = (first & 0x30) === 0x30;
  const flags = isLastProfile ? first >> 1 : first >> 2;
  return (flags & 3) === 0;
}

/** AV1 bitstream specification, 5.3.2: a sequence header stands before each key frame. */
function hasAv1Sequence(bytes: Uint8Array): boolean {
  return [bytes[0], bytes[2]].some((head) => head !== undefined && ((head >> 3) & 15) === 1);
}

/** MPEG-4 Visual 6.2.5 and MPEG-2 6.2.3: the type behind the start code of a picture. */
function isMpegIntra(bytes: Uint8Array): boolean {
  for (let at = 0; at + 6 <= bytes.length; at++) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) continue;
    if (bytes[at + 3] === 0xb6) return bytes[at + 4]! >> 6 === 0;
    if (bytes[at + 3] === 0) return ((bytes[at + 5]! >> 3) & 7) === 1;
  }
  return true;
}
