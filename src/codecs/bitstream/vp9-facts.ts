/**
 * What the header of a VP9 frame says (VP9 Bitstream & Decoding Process Specification, 6.2; codec strings: VP
 * Codec ISO Media File Format Binding). In a superframe (annex B) it is that of the first frame.
 */
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import { fittingLevels } from '../parameters/level.ts';
import { vp9Levels } from '../parameters/vp9-levels.ts';
import { BitReader } from './bit-reader.ts';
import { type BitstreamFacts, noCrop } from './bitstream-facts.ts';
import { yuvFormat } from './yuv-format.ts';

const FRAME_MARKER = 2;
const SYNC_CODE = 0x498342;
const RGB = 7;
/** Of the table of levels; what a larger picture is said to be, too. */
const HIGHEST_LEVEL = 62;
const PLAUSIBLE_RATE = 30;
/** In codec strings, by chroma_format_idc of H.264; 4:2:0 is what is left out. */
const chromaSuffix: Readonly<Record<number, string>> = { 2: '.02', 3: '.03' };

interface ColorConfig {
  readonly bitDepth: number;
  /** As H.264 numbers it; undefined for 4:4:0. */
  readonly chromaFormat: number | undefined;
  readonly isRgb: boolean;
}

/**
 * @throws DnnError `EINVAL` for bytes that are no frame.
 */
export function vp9Facts(stream: EncodedStream, first: EncodedPacket): BitstreamFacts {
  const bits = new BitReader(new Uint8Array(first.data), { part: 'VP9 frame header', offset: 0 });
  if (bits.bits(2) !== FRAME_MARKER) throw bits.invalid('no frame marker');
  const profile = bits.bit() + 2 * bits.bit();
  if (profile === 3 && bits.flag()) throw bits.invalid('a profile beyond 3');
  // show_existing_frame, or frame_type other than KEY_FRAME
  if (bits.flag() || bits.flag()) return unknownPicture(stream, profile);
  bits.skip(2); // show_frame, error_resilient_mode
  if (bits.bits(24) !== SYNC_CODE) throw bits.invalid('no sync code of a key frame');
  const color = readColorConfig(bits, profile);
  const width = bits.bits(16) + 1;
  const height = bits.bits(16) + 1;
  return {
    codecString: codecString(profile, { ...stream, width, height }, color),
    pixelFormat: formatOf(color),
    width,
    height,
    crop: noCrop,
    sampleAspectRatio: undefined,
    isRandomAccess: true,
  };
}

/** Only key frames tell all. */
function unknownPicture(stream: EncodedStream, profile: number): BitstreamFacts {
  const { width, height } = stream;
  const bitDepth = profile < 2 ? 8 : 10;
  const color = { bitDepth, chromaFormat: profile % 2 === 0 ? 1 : 3, isRgb: false };
  return {
    codecString: codecString(profile, stream, color),
    pixelFormat: profile === 0 ? 'yuv420p' : undefined,
    width,
    height,
    crop: noCrop,
    sampleAspectRatio: undefined,
    isRandomAccess: false,
  };
}

function readColorConfig(bits: BitReader, profile: number): ColorConfig {
  const bitDepth = profile < 2 ? 8 : bits.flag() ? 12 : 10;
  const hasChromaChoice = profile % 2 === 1;
  if (bits.bits(3) === RGB) {
    if (!hasChromaChoice) throw bits.invalid(`RGB in profile ${profile}`);
    bits.bit(); // reserved_zero
    return { bitDepth, chromaFormat: 3, isRgb: true };
  }
  bits.bit(); // color_range
  if (!hasChromaChoice) return { bitDepth, chromaFormat: 1, isRgb: false };
  const isNarrow = bits.flag(); // subsampling_x
  const isLow = bits.flag(); // subsampling_y
  bits.bit(); // reserved_zero
  if (isNarrow && isLow) throw bits.invalid(`4:2:0 in profile ${profile}`);
  return { bitDepth, chromaFormat: isNarrow ? 2 : isLow ? undefined : 3, isRgb: false };
}

function formatOf({ bitDepth, chromaFormat, isRgb }: ColorConfig): PixelFormat | undefined {
  return yuvFormat({ chromaFormat, lumaBits: bitDepth, chromaBits: bitDepth, isRgb });
}

/** VP9 says nothing of levels: it is the lowest that size and frame rate allow. */
function codecString(
  profile: number,
  { width, height, frameRate }: Pick<EncodedStream, 'width' | 'height' | 'frameRate'>,
  { bitDepth, chromaFormat }: ColorConfig,
): string {
  const framesPerSecond = frameRate === undefined ? PLAUSIBLE_RATE : frameRate.num / frameRate.den;
  const [level] = fittingLevels(vp9Levels, { width, height, framesPerSecond });
  const two = (value: number): string => String(value).padStart(2, '0');
  const suffix = chromaFormat === undefined ? '' : (chromaSuffix[chromaFormat] ?? '');
  return `vp09.${two(profile)}.${level?.code ?? HIGHEST_LEVEL}.${two(bitDepth)}${suffix}`;
}
