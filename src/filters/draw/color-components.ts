/** Where the colour components of a frame lie, and which values a colour has there. */
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { pixelFormatDescriptor, type PixelFormat } from '../../frame/pixel-format.ts';
import type { Color } from './color.ts';

/**
 * The samples of one component of a frame, mirrors AVComponentDescriptor: the sample of the pixel (x, y)
 * stands at `offset + (y >> log2Height) * stride + (x >> log2Width) * step`, all counted in samples.
 */
export interface ColorComponent {
  /** A view of the frame's plane; float32 for grayf32, where 1 is what 255 is in bytes. */
  readonly samples: Uint8Array | Float32Array;
  readonly offset: number;
  readonly step: number;
  readonly stride: number;
  /** How many pixels share a sample, as powers of two. */
  readonly log2Width: number;
  readonly log2Height: number;
}

/**
 * The components of a frame in the order R, G, B or Y, U, V; gray has Y alone.
 * @throws DnnError `EINVAL` for a format that no drawing filter accepts.
 */
export function colorComponents(frame: Frame): ColorComponent[] {
  const { pixelStep, bytesPerSample, log2ChromaWidth, log2ChromaHeight } = pixelFormatDescriptor(
    frame.format,
  );
  return componentOffsets(frame.format).map(([plane, offset]) => {
    const bytes = frame.data[plane]!;
    return {
      samples:
        bytesPerSample === 4 ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4) : bytes,
      offset,
      step: pixelStep[plane]! / bytesPerSample,
      stride: frame.linesize[plane]! / bytesPerSample,
      log2Width: plane === 0 ? 0 : log2ChromaWidth,
      log2Height: plane === 0 ? 0 : log2ChromaHeight,
    };
  });
}

function componentOffsets(format: PixelFormat): readonly (readonly [plane: number, offset: number])[] {
  switch (format) {
    case 'rgb24':
      return [[0, 0], [0, 1], [0, 2]]; // prettier-ignore
    case 'bgr24':
      return [[0, 2], [0, 1], [0, 0]]; // prettier-ignore
    case 'gray':
    case 'grayf32le':
      return [[0, 0]];
    case 'nv12':
      return [[0, 0], [1, 0], [1, 1]]; // prettier-ignore
    case 'yuv420p':
    case 'yuv422p':
    case 'yuv444p':
    case 'yuv410p':
    case 'yuv411p':
      return [[0, 0], [1, 0], [2, 0]]; // prettier-ignore
    default:
      throw new DnnError(
        'EINVAL',
        `Nothing is drawn on frames of ${format}: the drawing filters take 8 bits`,
      );
  }
}

/**
 * A colour's values as bytes, in the order of {@link colorComponents}; gray and
 * grayf32 need the first of them only.
 */
export type ColorValues = readonly [number, number, number];

/**
 * The values that drawbox draws: BT.601 in 10-bit fixed point,
 * libavutil/colorspace.h · RGB_TO_Y_CCIR and the like.
 */
export function drawboxValues(format: PixelFormat, [red, green, blue]: Color): ColorValues {
  if (pixelFormatDescriptor(format).isRgb) return [red, green, blue];
  return [
    (263 * red + 516 * green + 100 * blue + 512 + (16 << 10)) >> 10,
    ((-152 * red - 298 * green + 450 * blue + 511) >> 10) + 128,
    ((450 * red - 377 * green - 73 * blue + 511) >> 10) + 128,
  ];
}

/**
 * The values that drawtext draws, not always the same: BT.601 in floating point,
 * libavfilter/drawutils.c · ff_draw_color.
 */
export function drawtextValues(format: PixelFormat, [red, green, blue]: Color): ColorValues {
  if (pixelFormatDescriptor(format).isRgb) return [red, green, blue];
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return [
    Math.floor(luma * (219 / 255) + 16.5),
    Math.floor(((blue - luma) / (2 * (1 - 0.114))) * (224 / 255) + 128.5),
    Math.floor(((red - luma) / (2 * (1 - 0.299))) * (224 / 255) + 128.5),
  ];
}
