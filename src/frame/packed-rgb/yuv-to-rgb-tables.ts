/**
 * YUV to RGB by tables: libswscale/yuv2rgb.c · ff_yuv2rgb_c_init_tables with neutral brightness, contrast and
 * saturation.
 */
import { defaultCoefficients, matrixCoefficients, type MatrixCoefficients } from '../matrix-coefficients.ts';

/**
 * The tables as lines, in 16-bit fixed point: a chroma sample c moves luma by `c * increment >> 16`, less
 * `increment >> 9`, all moves together by `offset`; luma k that was moved gives the level
 * `k + (k * slope + bias * 2^14 >> 16)`, cut to a byte.
 */
export interface YuvToRgbLines {
  readonly redOfV: number;
  readonly greenOfU: number;
  readonly greenOfV: number;
  readonly blueOfU: number;
  readonly offset: number;
  readonly slope: number;
  readonly bias: number;
}

/** What the formulas of swscale need for one range of the source's samples. */
export interface YuvToRgbTables {
  /**
   * R of a pixel is `luma[redOfV[v] + y]`, B is `luma[blueOfU[u] + y]`, G is
   * `luma[greenOfU[u] + greenOfV[v] + y]`.
   */
  readonly luma: Uint8Array;
  readonly redOfV: Int32Array;
  readonly greenOfU: Int32Array;
  readonly greenOfV: Int32Array;
  readonly blueOfU: Int32Array;
  /** The same without tables. */
  readonly lines: YuvToRgbLines;
  /** The same in 13-bit fixed point, for full horizontal chroma (`yuv2rgb_y_coeff` and its like). */
  readonly lumaOffset: number;
  readonly lumaFactor: number;
  readonly redFactor: number;
  readonly greenUFactor: number;
  readonly greenVFactor: number;
  readonly blueFactor: number;
}

/** YUVRGB_TABLE_LUMA_HEADROOM */
const lumaHeadroom = 512;

const made = new Map<string, YuvToRgbTables>();

/**
 * The tables, made once.
 *
 * @param fullRange whether the source's samples are 0..255, as those of gray; else
 * luma is 16..235, chroma 16..240.
 * @param matrix by FFmpeg's name (libavutil/pixdesc.c, color_space_names); BT.601 for any other
 *   (libavfilter/vf_scale.c · parse_yuv_type).
 */
export function yuvToRgbTables(fullRange: boolean, matrix = ''): YuvToRgbTables {
  const coefficients = matrixCoefficients(matrix);
  const key = `${coefficients === defaultCoefficients ? '' : matrix} ${fullRange}`;
  const tables = made.get(key) ?? makeTables(fullRange, coefficients);
  made.set(key, tables);
  return tables;
}

function makeTables(fullRange: boolean, limited: MatrixCoefficients): YuvToRgbTables {
  const cy = fullRange ? 65536 : Math.trunc((65536 * 255) / 219);
  const oy = fullRange ? 0 : 16 * 65536;
  const [crv, cbu, cgu, cgv] = limited.map((c) => (fullRange ? Math.trunc((c * 224) / 255) : c)) as [
    number,
    number,
    number,
    number,
  ];
  const luma = Uint8ClampedArray.from({ length: 1024 + 2 * lumaHeadroom }, (_, i) =>
    Math.floor((-384 * 65536 - oy + (i - lumaHeadroom) * cy + 0x8000) / 65536),
  );
  const start = (fullRange ? 384 : 326) + lumaHeadroom;
  const perLuma = (c: number) => Math.trunc((c * 65536 + 0x8000) / cy);
  const lines = {
    ...{ redOfV: perLuma(crv), greenOfU: perLuma(cgu), greenOfV: perLuma(cgv), blueOfU: perLuma(cbu) },
    ...{ offset: start - lumaHeadroom, slope: cy - 65536, bias: 2 - 4 * (384 + oy / 65536) },
  };
  return {
    luma: new Uint8Array(luma.buffer),
    redOfV: offsets(lines.redOfV, start),
    greenOfU: offsets(lines.greenOfU, start),
    greenOfV: offsets(lines.greenOfV, 0),
    blueOfU: offsets(lines.blueOfU, start),
    lines,
    lumaOffset: roundToInt16(oy * 512),
    lumaFactor: roundToInt16(cy * 8192),
    redFactor: roundToInt16(crv * 8192),
    greenUFactor: roundToInt16(cgu * 8192),
    greenVFactor: roundToInt16(cgv * 8192),
    blueFactor: roundToInt16(cbu * 8192),
  };
}

/** fill_table, fill_gv_table: where the luma table is read for each chroma sample. */
function offsets(increment: number, start: number): Int32Array {
  return Int32Array.from(
    { length: 256 },
    (_, i) => start - (increment >> 9) + Math.floor((i * increment) / 65536),
  );
}

function roundToInt16(value: number): number {
  return Math.min(Math.max(Math.floor((value + 0x8000) / 65536), -0x8000), 0x7fff);
}
