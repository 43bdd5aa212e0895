/** The matrices between YUV and RGB (libswscale/yuv2rgb.c · ff_yuv2rgb_coeffs). */

/** V to R, U to B, U to G, V to G, in 16-bit fixed point for samples of limited range. */
export type MatrixCoefficients = readonly [number, number, number, number];

/** SWS_CS_DEFAULT: ITU-R BT.601. */
export const defaultCoefficients: MatrixCoefficients = [104597, 132201, -25675, -53279];

/** By FFmpeg's names (libavutil/pixdesc.c, color_space_names) those that are not the default. */
const coefficients: ReadonlyMap<string, MatrixCoefficients> = new Map([
  ['bt709', [117489, 138438, -13975, -34925]],
  ['fcc', [104448, 132798, -24759, -53109]],
  ['smpte240m', [117579, 136230, -16907, -35559]],
  ['bt2020nc', [110013, 140363, -12277, -42626]],
  ['bt2020c', [110013, 140363, -12277, -42626]],
]);

/** Of a frame's matrix by FFmpeg's name; BT.601 for any other (libavfilter/vf_scale.c · parse_yuv_type). */
export function matrixCoefficients(matrix = ''): MatrixCoefficients {
  return coefficients.get(matrix) ?? defaultCoefficients;
}
