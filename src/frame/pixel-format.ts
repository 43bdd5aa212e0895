/**
 * The pixel formats of frames, by FFmpeg's names, with the part of libavutil/pixdesc.c that describes their
 * memory.
 */

/** FFmpeg's name of a pixel format; `grayf32` is spelled with its byte order as FFmpeg prints it. */
export type PixelFormat =
  | 'rgb24'
  | 'bgr24'
  | 'gray'
  | 'grayf32le'
  | 'yuv420p'
  | 'yuv422p'
  | 'yuv444p'
  | 'yuv410p'
  | 'yuv411p'
  | 'nv12'
  | 'yuv420p10le'
  | 'yuv422p10le'
  | 'yuv444p10le'
  | 'yuv420p12le'
  | 'yuv422p12le'
  | 'yuv444p12le'
  | 'yuv420p16le'
  | 'yuv422p16le'
  | 'yuv444p16le'
  | 'gray10le'
  | 'gray16le'
  | 'rgb48le'
  | 'gbrp10le'
  | 'gbrp12le'
  | 'gbrp16le';

/** What FFmpeg's DNN filters accept (vf_dnn_processing.c, pix_fmts), and the drawing filters here. */
export const pixelFormats = [
  'rgb24',
  'bgr24',
  'gray',
  'grayf32le',
  'yuv420p',
  'yuv422p',
  'yuv444p',
  'yuv410p',
  'yuv411p',
  'nv12',
] as const;

/**
 * Formats of 10 to 16 bits, in the low end of 16, which only dnn_processing accepts; FFmpeg's accepts none of
 * them. gbrp has a plane for each colour: green, blue, red.
 */
const deepPixelFormats = [
  'yuv420p10le',
  'yuv422p10le',
  'yuv444p10le',
  'yuv420p12le',
  'yuv422p12le',
  'yuv444p12le',
  'yuv420p16le',
  'yuv422p16le',
  'yuv444p16le',
  'gray10le',
  'gray16le',
  'rgb48le',
  'gbrp10le',
  'gbrp12le',
  'gbrp16le',
] as const;

/**
 * All that a frame may have: {@link pixelFormats} first, since ffmpeg takes the first of equally good ones.
 */
export const framePixelFormats: readonly PixelFormat[] = [...pixelFormats, ...deepPixelFormats];

/** How a pixel format lies in memory, as AVPixFmtDescriptor says it. */
export interface PixelFormatDescriptor {
  /** Number of colour components (`nb_components`): 1 or 3. */
  readonly components: number;
  /** Bytes from one pixel of a plane to the next, one entry per plane. */
  readonly pixelStep: readonly number[];
  /** Bytes of one sample: 4 for float32, 2 for more than 8 bits, else 1. */
  readonly bytesPerSample: number;
  /** Bits of a sample that count (`comp[0].depth`): 8 to 16, or the 32 of a float. */
  readonly depth: number;
  /** Planes 1 and 2 are 2^log2ChromaWidth times narrower than plane 0, rounded up. */
  readonly log2ChromaWidth: number;
  readonly log2ChromaHeight: number;
  /** AV_PIX_FMT_FLAG_RGB. */
  readonly isRgb: boolean;
}

function samples(depth: number): { depth: number; bytesPerSample: number } {
  return { depth, bytesPerSample: Math.ceil(depth / 8) };
}

function packedRgb(depth: number): PixelFormatDescriptor {
  const { bytesPerSample } = samples(depth);
  return rgb(depth, [3 * bytesPerSample]);
}

function planarRgb(depth: number): PixelFormatDescriptor {
  const { bytesPerSample } = samples(depth);
  return rgb(depth, [bytesPerSample, bytesPerSample, bytesPerSample]);
}

function rgb(depth: number, pixelStep: readonly number[]): PixelFormatDescriptor {
  return {
    components: 3,
    pixelStep,
    ...samples(depth),
    log2ChromaWidth: 0,
    log2ChromaHeight: 0,
    isRgb: true,
  };
}

function gray(depth: number): PixelFormatDescriptor {
  return {
    components: 1,
    pixelStep: [samples(depth).bytesPerSample],
    ...samples(depth),
    log2ChromaWidth: 0,
    log2ChromaHeight: 0,
    isRgb: false,
  };
}

function yuv(
  log2ChromaWidth: number,
  log2ChromaHeight: number,
  pixelStep: readonly number[] = [1, 1, 1],
  depth = 8,
): PixelFormatDescriptor {
  return { components: 3, pixelStep, ...samples(depth), log2ChromaWidth, log2ChromaHeight, isRgb: false };
}

const descriptors: Readonly<Record<PixelFormat, PixelFormatDescriptor>> = {
  rgb24: packedRgb(8),
  bgr24: packedRgb(8),
  gray: gray(8),
  grayf32le: gray(32),
  yuv420p: yuv(1, 1),
  yuv422p: yuv(1, 0),
  yuv444p: yuv(0, 0),
  yuv410p: yuv(2, 2),
  yuv411p: yuv(2, 0),
  nv12: yuv(1, 1, [1, 2]),
  yuv420p10le: yuv(1, 1, [2, 2, 2], 10),
  yuv422p10le: yuv(1, 0, [2, 2, 2], 10),
  yuv444p10le: yuv(0, 0, [2, 2, 2], 10),
  yuv420p12le: yuv(1, 1, [2, 2, 2], 12),
  yuv422p12le: yuv(1, 0, [2, 2, 2], 12),
  yuv444p12le: yuv(0, 0, [2, 2, 2], 12),
  yuv420p16le: yuv(1, 1, [2, 2, 2], 16),
  yuv422p16le: yuv(1, 0, [2, 2, 2], 16),
  yuv444p16le: yuv(0, 0, [2, 2, 2], 16),
  gray10le: gray(10),
  gray16le: gray(16),
  rgb48le: packedRgb(16),
  gbrp10le: planarRgb(10),
  gbrp12le: planarRgb(12),
  gbrp16le: planarRgb(16),
};

export function isPixelFormat(name: string): name is PixelFormat {
  return (framePixelFormats as readonly string[]).includes(name);
}

/** Whether `name` is a format that FFmpeg's filters accept: one of {@link pixelFormats}. */
export function isFilterFormat(name: string): name is (typeof pixelFormats)[number] {
  return (pixelFormats as readonly string[]).includes(name);
}

export function pixelFormatDescriptor(format: PixelFormat): PixelFormatDescriptor {
  return descriptors[format];
}

/**
 * True for the YUV formats, nv12 included: only their plane 0 goes through a model
 * (vf_dnn_processing.c · isPlanarYUV).
 */
export function isPlanarYuv(format: PixelFormat): boolean {
  const { isRgb, components } = descriptors[format];
  return !isRgb && components === 3;
}

/** True for samples of one byte, which models may read and write without a float tensor. */
export function isEightBit(format: PixelFormat): boolean {
  return descriptors[format].depth === 8;
}

/** True for integers of more than 8 bits, little-endian in 16. */
export function isDeep(format: PixelFormat): boolean {
  return descriptors[format].bytesPerSample === 2;
}

/** The format of plane 0 alone: what goes through a model of an 8-bit frame of this format. */
export function firstPlaneFormat(format: PixelFormat): PixelFormat {
  return isPlanarYuv(format) ? 'gray' : format;
}

/**
 * Channels that a model's input and output tensors have for frames of this format:
 * 3 for RGB, packed or in planes, else 1.
 */
export function modelChannels(format: PixelFormat): 1 | 3 {
  return descriptors[format].isRgb ? 3 : 1;
}
