/** A detection or classification whose boxes are worked out by hand. */
import { frameLayout } from '../../src/frame/plane-layout.ts';
import type { PixelFormat } from '../../src/frame/pixel-format.ts';
import type { FFmpegPage } from '../ffmpeg-page.ts';
import type { ConformanceResult } from './record.ts';
import { runFilter, runStock } from './run-stock.ts';

/** Label, confidence in ten thousandths, x, y, w, h in pixels, labels of classifications. */
export type Box = readonly [
  label: string,
  confidence: number,
  x: number,
  y: number,
  w: number,
  h: number,
  ...classes: string[],
];

export interface DetectionCase {
  readonly title: string;
  readonly rows: readonly string[];
  readonly filters: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly format?: PixelFormat;
  /** In the order of the frame; none for a frame without side data. */
  readonly boxes?: readonly Box[];
  readonly source?: string;
  readonly refused?: readonly [code: string, ...words: string[]];
}

/** Of every frame: red 40 columns, green and blue 30 each. */
export const [frameWidth, frameHeight] = [100, 80];
const stripes =
  'color=red:size=100x80:rate=5,drawbox=x=40:w=30:h=80:color=lime:t=fill,drawbox=x=70:w=30:h=80:color=blue:t=fill';

const framesByFormat = new Map<PixelFormat, Promise<Buffer>>();

async function makeFrame(ffmpeg: FFmpegPage, format: PixelFormat): Promise<Buffer> {
  const input = ['-f', 'lavfi', '-i', stripes, '-frames:v', '1', '-vf', `format=${format}`];
  const run = await runStock(
    ffmpeg.page,
    [...input, '-f', 'rawvideo', 'out.raw'],
    new Uint8Array(0),
    'out.raw',
  );
  const { size } = frameLayout(format, frameWidth, frameHeight);
  if (run.bytes.length !== size) throw new Error(`stock ffmpeg: ${run.log.slice(-3).join(' | ')}`);
  return run.bytes;
}

export async function runDetection(ffmpeg: FFmpegPage, one: DetectionCase): Promise<ConformanceResult> {
  const { title, rows, filters, files, format = 'rgb24', boxes = [], source, refused } = one;
  const frame = framesByFormat.get(format) ?? makeFrame(ffmpeg, format);
  framesByFormat.set(format, frame);
  const input = await frame;
  const job = { filters, files, format, width: frameWidth, height: frameHeight, frame: input };
  const outcome = await runFilter(ffmpeg.page, job);
  const base = {
    title,
    rows,
    filter: filters.includes('dnn_classify') ? 'dnn_classify' : 'dnn_detect',
    format,
    backend: filters.includes('dnn_backend=native') ? 'native' : 'tensorflow',
    reference: 'by hand',
  } as const;
  const done = (note?: string): ConformanceResult => ({
    ...base,
    passed: note === undefined,
    ...(note === undefined ? {} : { note }),
  });
  const { error, detections } = outcome;
  if (refused !== undefined) {
    if (error === undefined) return done('it is not refused');
    const [code, ...words] = refused;
    const missing = words.find((word) => !error.message.includes(word));
    return done(error.code === code && missing === undefined ? undefined : `${error.code}: ${error.message}`);
  }
  if (error !== undefined) return done(error.message);
  if (outcome.frame?.equals(input) !== true) return done('the frame is not what it was');
  const found = (detections?.bboxes ?? []).map(
    ({ detectLabel, detectConfidence: { num, den }, x, y, w, h, classifications }): Box => [
      detectLabel,
      (num * 10000) / den,
      ...([x, y, w, h] as const),
      ...classifications.map(({ label }) => label),
    ],
  );
  const [ours, wanted] = [JSON.stringify(found), JSON.stringify(boxes)];
  if (ours !== wanted) return done(`${ours} in place of ${wanted}`);
  if (source !== undefined && source !== detections?.source)
    return done(`the source is '${String(detections?.source)}' in place of '${source}'`);
  if (boxes.length === 0 && detections !== undefined) return done('there is side data without boxes');
  return done();
}
