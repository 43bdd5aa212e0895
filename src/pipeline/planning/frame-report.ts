/** Reads what `showinfo` says of the frames at one place; mirrors libavfilter/vf_showinfo.c. */
import { isPixelFormat } from '../../frame/pixel-format.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';
import type { PlannedFrames } from './planned-frames.ts';

/** Where frames are reported: before a DNN filter, or as they are decoded for an output. */
type ReportPlace = 'dnn' | 'decoded';

/** Name of the instance that reports at a place. @param index of the DNN filter, or the output. */
export function reportName(place: ReportPlace, index: number): string {
  return `showinfo@${place}${index}`;
}

/** What a line of the log reports, and of where; undefined for any other line. */
export function reportOf(
  line: string,
): { readonly place: ReportPlace; readonly index: number; readonly text: string } | undefined {
  const match = /^\[showinfo@(dnn|decoded)(\d+) @ [^\]]*\] (.*)$/.exec(line);
  if (match === null) return undefined;
  return { place: match[1] === 'dnn' ? 'dnn' : 'decoded', index: Number(match[2]), text: match[3]! };
}

/** A name of ffmpeg's; undefined where it says that it knows none. */
export const knownName = (text: string | undefined): string | undefined =>
  text === undefined || text === 'unknown' || text === 'reserved' ? undefined : text;

interface LinkConfig {
  timeBase: Rational;
  frameRate?: Rational;
}

/** Builds the frames of one filter from the lines of its `showinfo`. */
export class FrameReport {
  #link: LinkConfig | undefined;
  #frames: PlannedFrames | undefined;
  #colorsRead = false;

  get frames(): PlannedFrames | undefined {
    return this.#frames;
  }

  read(text: string): void {
    const config = /^config in time_base: (\d+)\/(\d+), frame_rate: (\d+)\/(\d+)/.exec(text);
    if (config !== null && this.#frames === undefined) {
      const [num, den, rateNum, rateDen] = config.slice(1).map(Number) as [number, number, number, number];
      const frameRate = rateNum > 0 && rateDen > 0 ? { num: rateNum, den: rateDen } : undefined;
      this.#link = { timeBase: { num, den }, ...(frameRate === undefined ? {} : { frameRate }) };
    }
    this.#readFrame(text);
    this.#readColors(text);
  }

  #readFrame(text: string): void {
    if (this.#frames !== undefined || this.#link === undefined) return;
    const frame = /^n: *\d+ pts: *(-?\d+|NOPTS) .*\bfmt:(\w+) sar:(\d+)\/(\d+) s:(\d+)x(\d+) i:([PTB]) /.exec(
      text,
    );
    if (frame === null) return;
    const isYuvj = frame[2]!.startsWith('yuvj');
    const pixelFormat = isYuvj ? frame[2]!.replace('yuvj', 'yuv') : frame[2]!;
    if (!isPixelFormat(pixelFormat)) return;
    const checksum = / checksum:([0-9A-F]{8}) /.exec(text)?.[1];
    const fieldOrders = { P: 'prog', T: 'tff', B: 'bff' } as const;
    this.#frames = {
      pixelFormat,
      width: Number(frame[5]),
      height: Number(frame[6]),
      sampleAspectRatio: { num: Number(frame[3]), den: Number(frame[4]) },
      ...this.#link,
      firstPts: frame[1] === 'NOPTS' ? 0 : Number(frame[1]),
      fieldOrder: fieldOrders[frame[7] as keyof typeof fieldOrders],
      ...(isYuvj ? { isYuvj, colorRange: 'pc' } : {}),
      ...(checksum === undefined ? {} : { checksum: Number.parseInt(checksum, 16) }),
    };
  }

  #readColors(text: string): void {
    if (this.#frames === undefined || this.#colorsRead) return;
    const colors = /^ ?color_range:(\S+) color_space:(\S+) color_primaries:(\S+) color_trc:(\S+)/.exec(text);
    if (colors === null) return;
    this.#colorsRead = true;
    const [colorRange, colorSpace, colorPrimaries, colorTrc] = colors.slice(1).map(knownName);
    this.#frames = {
      ...this.#frames,
      ...(colorRange === undefined ? {} : { colorRange }),
      ...(colorSpace === undefined ? {} : { colorSpace }),
      ...(colorPrimaries === undefined ? {} : { colorPrimaries }),
      ...(colorTrc === undefined ? {} : { colorTrc }),
    };
  }
}
