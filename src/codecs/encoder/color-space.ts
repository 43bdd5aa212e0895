/** Colours by FFmpeg's names (libavutil/pixdesc.c) as WebCodecs has them. */
import type { CodecColors } from '../codec-contract.ts';

/** FFmpeg's name of each; names that are missing cannot be said to a browser. */
const matrices: ReadonlyMap<string | undefined, string> = new Map([
  ['bt709', 'bt709'],
  ['bt470bg', 'bt470bg'],
  ['smpte170m', 'smpte170m'],
  ['bt2020nc', 'bt2020-ncl'],
]);
const primaries: ReadonlyMap<string | undefined, string> = new Map([
  ['bt709', 'bt709'],
  ['bt470bg', 'bt470bg'],
  ['smpte170m', 'smpte170m'],
  ['bt2020', 'bt2020'],
  ['smpte432', 'smpte432'],
]);
const transfers: ReadonlyMap<string | undefined, string> = new Map([
  ['bt709', 'bt709'],
  ['smpte170m', 'smpte170m'],
  ['iec61966-2-1', 'iec61966-2-1'],
  ['linear', 'linear'],
  ['smpte2084', 'pq'],
  ['arib-std-b67', 'hlg'],
]);
const ranges: ReadonlyMap<string | undefined, boolean> = new Map([
  ['tv', false],
  ['pc', true],
]);

type ColorSpaceNames = { readonly [Name in keyof Required<VideoColorSpaceInit>]: string | boolean | null };

/**
 * What a VideoFrame is tagged with. Unknown colours are null, and encoders write that they are unknown; a
 * frame that is not tagged at all would be written as BT.709.
 */
export function colorSpaceInit(colors: CodecColors): VideoColorSpaceInit {
  const names = {
    matrix: matrices.get(colors.colorSpace) ?? null,
    primaries: primaries.get(colors.colorPrimaries) ?? null,
    transfer: transfers.get(colors.colorTrc) ?? null,
    fullRange: ranges.get(colors.colorRange) ?? null,
  };
  return isColorSpace(names) ? names : {};
}

/** TypeScript's library does not know all names of WebCodecs (VideoMatrixCoefficients and the like) yet. */
function isColorSpace(names: ColorSpaceNames): names is Required<VideoColorSpaceInit> {
  return typeof names.fullRange !== 'string';
}
