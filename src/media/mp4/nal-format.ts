/**
 * How samples of H.264 and HEVC are divided: units of the network abstraction layer, each behind its length
 * (ISO/IEC 14496-15).
 */
import { offsetOf } from './box-reader.ts';

export interface NalFormat {
  readonly codec: 'h264' | 'hevc';
  /** Bytes of a length. */
  readonly lengthSize: number;
}

const formats: Readonly<Record<string, NalFormat['codec']>> = {
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
};

/** Where the length's size stands in `avcC` and `hvcC`, in bytes behind the box's type. */
const lengthSizeAt = { h264: 4, hevc: 21 } as const;

/**
 * @param format four characters.
 * @param description the sample description of a track, with its own boxes.
 * @returns undefined for a codec whose samples are not divided so.
 */
export function nalFormatOf(format: string, description: Uint8Array): NalFormat | undefined {
  const codec = formats[format];
  if (codec === undefined) return undefined;
  const at = offsetOf(description, codec === 'h264' ? 'avcC' : 'hvcC');
  const flags = at < 0 ? undefined : description[at + 4 + lengthSizeAt[codec]];
  return flags === undefined ? undefined : { codec, lengthSize: (flags & 3) + 1 };
}

/** Whether a unit is of a picture that needs none before it. @param first the unit's first byte. */
export function isSyncUnit({ codec }: NalFormat, first: number): boolean {
  if (codec === 'h264') return (first & 0x1f) === 5;
  const type = (first >> 1) & 0x3f;
  return type >= 16 && type <= 21;
}
