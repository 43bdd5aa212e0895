/** HDR as BT.709, in front of filters that take 8 bits. */
import type { ColorTags } from './stream-pictures.ts';

/** ffmpeg's names of the transfer functions of HDR, and what people call them. */
const hdrNames: ReadonlyMap<string, string> = new Map([
  ['smpte2084', 'PQ'],
  ['arib-std-b67', 'HLG'],
]);

/** `PQ` or `HLG`; undefined for SDR and where the transfer function is unknown. */
export function hdrName({ colorTrc }: ColorTags): string | undefined {
  return colorTrc === undefined ? undefined : hdrNames.get(colorTrc);
}

/**
 * Filters that make SDR in BT.709, limited range, of HDR. Tags that are missing are BT.2020's. What is not
 * brighter than the white of SDR hardly changes (`mobius`).
 */
export function toneMapFilters({ colorRange, colorSpace, colorPrimaries, colorTrc }: ColorTags): string {
  const input = [
    `range=${colorRange ?? 'tv'}`,
    `color_primaries=${colorPrimaries ?? 'bt2020'}`,
    `color_trc=${colorTrc ?? 'smpte2084'}`,
    `colorspace=${colorSpace ?? 'bt2020nc'}`,
  ].join(':');
  const linear = `setparams=${input},zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=mobius`;
  return `${linear},zscale=t=bt709:m=bt709:r=tv,format=yuv420p`;
}
