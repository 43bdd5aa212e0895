/**
 * Names for the numbers by which bitstreams tag colours (ITU-T H.273); FFmpeg's, of libavutil/pixdesc.c.
 */
import type { CodecColors } from '../codec-contract.ts';

/** What a bitstream says; 2 is unspecified everywhere. */
export interface ColorNumbers {
  readonly isFullRange: boolean;
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
}

const primaries: readonly (string | undefined)[] = [
  ...[undefined, 'bt709', undefined, undefined, 'bt470m', 'bt470bg', 'smpte170m', 'smpte240m', 'film'],
  ...['bt2020', 'smpte428', 'smpte431', 'smpte432'],
];
const transfers: readonly (string | undefined)[] = [
  ...[undefined, 'bt709', undefined, undefined, 'bt470m', 'bt470bg', 'smpte170m', 'smpte240m', 'linear'],
  ...['log100', 'log316', 'iec61966-2-4', 'bt1361e', 'iec61966-2-1', 'bt2020-10', 'bt2020-12', 'smpte2084'],
  ...['smpte428', 'arib-std-b67'],
];
const matrices: readonly (string | undefined)[] = [
  ...['gbr', 'bt709', undefined, undefined, 'fcc', 'bt470bg', 'smpte170m', 'smpte240m', 'ycgco', 'bt2020nc'],
  ...['bt2020c', 'smpte2085', 'chroma-derived-nc', 'chroma-derived-c', 'ictcp'],
];

/** Numbers without a name are unknown. */
export function colorNames(numbers: ColorNumbers): CodecColors {
  return {
    colorRange: numbers.isFullRange ? 'pc' : 'tv',
    colorSpace: matrices[numbers.matrix],
    colorPrimaries: numbers.primaries === 22 ? 'ebu3213' : primaries[numbers.primaries],
    colorTrc: transfers[numbers.transfer],
  };
}
