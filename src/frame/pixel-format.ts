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
  | 'yuv444p10le';

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

/** Formats that decoders give and no filter here accepts: 10 bits in the low end of 16. */
const deepPixelFormats = ['yuv420p10le', 'yuv422p10le', 'yuv444p10le'] as const;

/** All that a frame may have: {@link pixelFormats} first. */
export const framePixelFormats: readonly PixelFormat[] = [...pixelFormats, ...deepPixelFormats];

/** How a pixel format lies in memory, as AVPixFmtDescriptor says it. */
export interface PixelFormatDescriptor {
  /** Number of colour components (`nb_components`): 1 or 3. */
  readonly components: number;
  /** Bytes from one pixel of a plane to the next, one entry per plane. */
  readonly pixelStep: readonly number[];
  /** Bytes of one sample: 4 for float32, 2 for more than 8 bits, else 1. */
  readonly bytesPerSample: number;
  /** Planes 1 and 2 are 2^log2ChromaWidth times narrower than plane 0, rounded up. */
  readonly log2ChromaWidth: number;
  readonly log2ChromaHeight: number;
  /** AV_PIX_FMT_FLAG_RGB. */
  readonly isRgb: boolean;
}

const packedRgb: PixelFormatDescriptor = {
  components: 3,
  pixelStep: [3],
  bytesPerSample: 1,
  log2ChromaWidth: 0,
  log2ChromaHeight: 0,
  isRgb: true,
};

function gray(bytesPerSample: number): PixelFormatDescriptor {
  return {
    components: 1,
    pixelStep: [bytesPerSample],
    bytesPerSample,
    log2ChromaWidth: 0,
    log2ChromaHeight: 0,
    isRgb: false,
  };
}

function yuv(
  log2ChromaWidth: number,
  log2ChromaHeight: number,
  pixelStep: readonly number[] = [1, 1, 1],
  bytesPerSample = 1,
): PixelFormatDescriptor {
  return { components: 3, pixelStep, bytesPerSample, log2ChromaWidth, log2ChromaHeight, isRgb: false };
}

const descriptors: Readonly<Record<PixelFormat, PixelFormatDescriptor>> = {
  rgb24: packedRgb,
  bgr24: packedRgb,
  gray: gray(1),
  grayf32le: gray(4),
  yuv420p: yuv(1, 1),
  yuv422p: yuv(1, 0),
  yuv444p: yuv(0, 0),
  yuv410p: yuv(2, 2),
  yuv411p: yuv(2, 0),
  nv12: yuv(1, 1, [1, 2]),
  yuv420p10le: yuv(1, 1, [2, 2, 2], 2),
  yuv422p10le: yuv(1, 0, [2, 2, 2], 2),
  yuv444p10le: yuv(0, 0, [2, 2, 2], 2),
};

export function isPixelFormat(name: string): name is PixelFormat {
  return (framePixelFormats as readonly string[]).includes(name);
}

/** Whether `name` is a format that filters accept: one of {@link pixelFormats}. */
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

/** The format of plane 0 alone: what goes through a model of a frame of this format. */
export function firstPlaneFormat(format: PixelFormat): PixelFormat {
  return isPlanarYuv(format) ? 'gray' : format;
}

/**
 * Channels that a model's input and output tensors have for frames of this format:
 * 3 for rgb24 and bgr24, else 1.
 */
export function modelChannels(format: PixelFormat): 1 | 3 {
  return descriptors[format].isRgb ? 3 : 1;
}
