/** Runs a case in stock ffmpeg and on our side, in one tab, and compares the frames. */
import type { FFmpegPage } from '../ffmpeg-page.ts';
import { compareSamples, floatsOf } from './compare-frames.ts';
import { toleranceOf, type PictureCase } from './picture-case.ts';
import type { ConformanceResult } from './record.ts';
import { runStock } from './run-stock.ts';

function argsOf({ size, frames = 2, source = 'testsrc2' }: PictureCase, chain: string): string[] {
  const separator = source.includes('=') ? ':' : '=';
  const input = `${source}${separator}size=${size.join('x')}:rate=25`;
  return [
    ...['-f', 'lavfi', '-i', source.includes(',') ? source : input],
    ...['-frames:v', String(frames), '-vf', chain, '-f', 'rawvideo', 'out.raw'],
  ];
}

function filterText(
  { filter = 'dnn_processing', options = '', output = 'y' }: PictureCase,
  backend: string,
  own: string,
): string {
  return `${filter}=dnn_backend=${backend}:model=m.model:input=x:output=${output}${options}${own}`;
}

/** One result for each backend of ours. A failure of stock ffmpeg itself throws. */
export async function runPicture(ffmpeg: FFmpegPage, one: PictureCase): Promise<ConformanceResult[]> {
  const { chain = (filter: string) => `format=${one.format},${filter}`, format } = one;
  const { expected } = one;
  const native = filterText(
    one.stockChain === undefined ? one : { ...one, filter: 'dnn_processing' },
    'native',
    '',
  );
  const stockFilter = expected === undefined ? native : 'null';
  const stockArgs = argsOf(one, (one.stockChain ?? chain)(stockFilter));
  const stock = await runStock(ffmpeg.page, stockArgs, one.model, 'out.raw');
  if (stock.exitCode !== 0) throw new Error(`${one.title}: stock ffmpeg: ${stock.log.slice(-4).join(' | ')}`);
  const frames = format === 'grayf32le' ? floatsOf(stock.bytes) : stock.bytes;
  const values = expected === undefined ? frames : expected(stock.bytes);
  if (values.length === 0 || (one.flat !== true && new Set(frames).size < 9))
    throw new Error(`${one.title}: stock ffmpeg makes no picture`);
  await ffmpeg.write('m.model', one.model);
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
      const outcome = await ffmpeg.run(argsOf(one, chain(filterText(one, backend, one.ownOptions ?? ''))));
      if (outcome.exitCode !== 0)
        throw new Error(outcome.error?.message ?? `exit code ${outcome.exitCode}: ${outcome.log.at(-1)}`);
      const bytes = await ffmpeg.read('out.raw');
      const ours = format === 'grayf32le' ? floatsOf(bytes) : bytes;
      const { unwritten = () => undefined } = one;
      const found = compareSamples(ours, values, (index) => unwritten(index) !== undefined);
      const wrong = ours.findIndex((value, index) => (unwritten(index) ?? value) !== value);
      const { largest, identical } = toleranceOf(one);
      const passed =
        wrong < 0 && found.largest <= largest && found.identical >= identical * found.samples;
      results.push({
        ...base,
        ...found,
        passed,
        ...(wrong < 0 ? {} : { note: `sample ${wrong} is ${ours[wrong]} in place of ${unwritten(wrong)}` }),
      });
    } catch (error) {
      results.push({ ...base, passed: false, note: String(error) });
    }
  }
  return results;
}
