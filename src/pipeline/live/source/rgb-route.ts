/**
 * By which way a frame's RGB is what this browser shows of it. None is right in every engine: Chromium
 * without a GPU draws with the coarse numbers of libyuv (in BT.709 blue is off by up to 12), with one
 * exactly, and `copyTo` is libyuv in both; WebKit's `copyTo` does not convert at all. So it is tried, on a
 * few colours.
 */
import { yuv420ToRgb24, type Yuv420 } from '../../../frame/rgbx/yuv420-to-rgb24.ts';
import { yuvToRgb } from '../../../frame/rgbx/yuv-matrix.ts';

/**
 * `convert`: `VideoFrame.copyTo` makes RGBX of it; `planes`: this project's own numbers make it of its
 * planes; `draw`: nothing but drawing does.
 */
export type RgbRoute = 'convert' | 'planes' | 'draw';

/** How far a value may be from the one that is drawn. */
const tolerance = 2;

/** The colours that are tried: the corners of BT.601 and BT.709, grays, and dull ones; Y, U and V. */
const colors: readonly (readonly [y: number, u: number, v: number])[] = [
  ...([[16, 128, 128], [126, 128, 128], [235, 128, 128]] as const),
  ...([[81, 90, 240], [145, 54, 34], [41, 240, 110]] as const),
  ...([[63, 102, 240], [173, 42, 26], [32, 240, 118]] as const),
  ...([[97, 106, 194], [93, 192, 109], [194, 41, 149]] as const),
]; // prettier-ignore

/** Side of the square of one colour: its middle is beyond the reach of its neighbours' chroma. */
const side = 16;

/** Keeps what was found for each kind of tags. */
export class RgbRoutes {
  readonly #known = new Map<string, Promise<RgbRoute>>();

  /** @param tags of YUV frames. */
  routeOf(tags: VideoColorSpaceInit): Promise<RgbRoute> {
    const key = JSON.stringify(tags);
    const known = this.#known.get(key) ?? findRoute(tags);
    this.#known.set(key, known);
    return known;
  }
}

async function findRoute(tags: VideoColorSpaceInit): Promise<RgbRoute> {
  const planes = coloredSquares();
  const { width, height, y, u, v } = planes;
  const bytes = new Uint8Array(y.length + u.length + v.length);
  bytes.set(y);
  bytes.set(u, y.length);
  bytes.set(v, y.length + u.length);
  const size = { codedWidth: width, codedHeight: height };
  const frame = new VideoFrame(bytes, { format: 'I420', ...size, timestamp: 0, colorSpace: tags });
  try {
    const drawn = middles(drawnPixels(frame, width, height), 4);
    const converted = await convertedPixels(frame, width, height);
    if (converted !== undefined && isNear(middles(converted, 4), drawn)) return 'convert';
    const own = new Uint8Array(3 * width * height);
    yuv420ToRgb24(planes, yuvToRgb(tags), own, 'rgb');
    return isNear(middles(own, 3), drawn) ? 'planes' : 'draw';
  } finally {
    frame.close();
  }
}

function coloredSquares(): Yuv420 {
  const width = side * colors.length;
  const plane = (index: 0 | 1 | 2, size: number): Uint8Array =>
    Uint8Array.from({ length: size * size * colors.length }, (_, at) => {
      const color = Math.floor((at % (size * colors.length)) / size);
      return colors[color]![index];
    });
  return { width, height: side, y: plane(0, side), u: plane(1, side / 2), v: plane(2, side / 2), step: 1 };
}

function drawnPixels(frame: VideoFrame, width: number, height: number): Uint8ClampedArray {
  const context = drawingContext(width, height);
  context.drawImage(frame, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

/** Undefined where the engine has no conversion, or gives the frame's own planes instead. */
async function convertedPixels(
  frame: VideoFrame,
  width: number,
  height: number,
): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(4 * width * height);
  try {
    const layouts = await frame.copyTo(bytes, { format: 'RGBX' });
    return layouts.length === 1 ? bytes : undefined;
  } catch {
    // The refusal is the answer.
    return undefined;
  }
}

/** R, G and B in the middle of each square. */
function middles(pixels: Uint8Array | Uint8ClampedArray, step: 3 | 4): number[] {
  return colors.flatMap((_, index) => {
    const at = step * ((side / 2) * side * colors.length + side * index + side / 2);
    return [...pixels.subarray(at, at + 3)];
  });
}

function isNear(values: readonly number[], others: readonly number[]): boolean {
  return values.every((value, index) => Math.abs(value - others[index]!) <= tolerance);
}

/**
 * A canvas that draws as those of the page do. It keeps transparency, so that colours come back straight.
 *
 * @throws Error in an engine that gives a worker no 2d context.
 */
export function drawingContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  // Read often, it would move to where drawing is another one.
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: false });
  if (context === null) throw new Error('This engine gives a worker no 2d context.');
  return context;
}
