/** Runs a case in stock ffmpeg and on our side, in one tab, and compares the frames. */
import type { FFmpegPage } from '../ffmpeg-page.ts';
import { compareSamples, floatsOf, type Samples } from './compare-frames.ts';
import { toleranceOf, type PictureCase } from './picture-case.ts';
import type { ConformanceResult } from './record.ts';
import { runFilter, runStock } from './run-stock.ts';

function argsOf({ size, frames = 1, source }: PictureCase, chain: string): string[] {
  const [width, height] = size;
  // testsrc2 rounds its size down to whole chroma samples.
  const input = source ?? `testsrc2=size=${2 * width}x${2 * height}:rate=25,scale=${width}:${height}`;
  return [
    ...['-f', 'lavfi', '-i', input, '-frames:v', String(frames)],
    ...['-vf', chain, '-f', 'rawvideo', 'out.raw'],
  ];
}

function filterText(
  { filter = 'dnn_processing', options = '', output = 'y' }: PictureCase,
  backend: string,
  own = '',
): string {
  return `${filter}=dnn_backend=${backend}:model=m.model:input=x:output=${output}${options}${own}`;
}

async function stockBytes(ffmpeg: FFmpegPage, one: PictureCase, chain: string): Promise<Buffer> {
  const stock = await runStock(ffmpeg.page, argsOf(one, chain), one.model, 'out.raw');
  if (stock.exitCode === 0) return stock.bytes;
  throw new Error(`${one.title}: stock ffmpeg: ${stock.log.slice(-4).join(' | ')}`);
}

/**
 * FFmpeg's conversion to gray takes it for full range: the luma as it is, so that stock
 * ffmpeg can take it in yuv444p.
 */
const grayChain = 'format=yuv444p,extractplanes=y';

/** The frame that the filter gets in a case without other filters than the format. */
async function inputOf(ffmpeg: FFmpegPage, one: PictureCase): Promise<Buffer> {
  return stockBytes(ffmpeg, one, one.format === 'gray' ? grayChain : `format=${one.format}`);
}

async function ownBytes(ffmpeg: FFmpegPage, one: PictureCase, backend: string): Promise<Buffer> {
  const filter = filterText(one, backend, one.ownOptions);
  if (one.chain === undefined && one.wholeJob !== true) {
    const [width, height] = one.size;
    const { frame, error } = await runFilter(ffmpeg.page, {
      filters: filter,
      files: { 'm.model': one.model },
      format: one.format,
      width,
      height,
      frame: await inputOf(ffmpeg, one),
      ...(one.strips === undefined ? {} : { strips: one.strips }),
    });
    if (frame === undefined) throw new Error(error?.message);
    return frame;
  }
  await ffmpeg.write('m.model', one.model);
  const chain = (one.chain ?? ((text) => `format=${one.format},${text}`))(filter);
  const outcome = await ffmpeg.run(argsOf(one, chain));
  if (outcome.exitCode !== 0)
    throw new Error(outcome.error?.message ?? `exit code ${outcome.exitCode}: ${outcome.log.at(-1)}`);
  return ffmpeg.read('out.raw');
}

/** One result for each backend of ours. A failure of stock ffmpeg itself throws. */
export async function runPicture(ffmpeg: FFmpegPage, one: PictureCase): Promise<ConformanceResult[]> {
  const { chain = (filter: string) => `format=${one.format},${filter}`, format, expected } = one;
  const samples = (bytes: Buffer): Samples => (format === 'grayf32le' ? floatsOf(bytes) : bytes);
  const stockOne: PictureCase = one.stockChain === undefined ? one : { ...one, filter: 'dnn_processing' };
  const stockFilter = expected === undefined ? filterText(stockOne, 'native') : 'null';
  const stock = await stockBytes(ffmpeg, one, (one.stockChain ?? chain)(stockFilter));
  const given = samples(stock);
  if (given.length === 0 || new Set(given).size < 9)
    throw new Error(`${one.title}: stock ffmpeg makes no picture`);
  const wanted = expected === undefined ? given : expected(stock);
  const results: ConformanceResult[] = [];
  for (const backend of one.backends ?? (['native', 'tensorflow'] as const)) {
    const base = {
      title: `${one.title}, ${one.size.join('x')}`,
      rows: one.rows,
      filter: one.filter ?? 'dnn_processing',
      format,
      backend,
      reference: expected === undefined ? 'stock ffmpeg' : 'by hand',
    } as const;
    try {
      const ours = samples(await ownBytes(ffmpeg, one, backend));
      results.push({ ...base, ...judge(one, ours, wanted) });
    } catch (error) {
      results.push({ ...base, passed: false, note: String(error) });
    }
  }
  return results;
}

function judge(
  one: PictureCase,
  ours: Samples,
  wanted: ArrayLike<number>,
): Pick<ConformanceResult, 'samples' | 'identical' | 'largest' | 'passed' | 'note'> {
  const { unwritten = () => undefined } = one;
  const found = compareSamples(ours, wanted, (index) => unwritten(index) !== undefined);
  const wrong = ours.findIndex(
    (value, index) => (unwritten(index) ?? value) !== value && !Number.isNaN(value),
  );
  const { largest, identical } = toleranceOf(one);
  const passed = wrong < 0 && found.largest <= largest && found.identical >= identical * found.samples;
  const note =
    wrong < 0 ? {} : { note: `sample ${wrong} is ${ours[wrong]} in place of ${String(unwritten(wrong))}` };
  return { ...found, passed, ...note };
}
