/** Runs a case that is refused, in stock ffmpeg too where that is asked. */
import type { FFmpegPage } from '../ffmpeg-page.ts';
import { frameLayout } from '../../src/frame/plane-layout.ts';
import type { ErrorCase } from './error-cases.ts';
import type { ConformanceResult } from './record.ts';
import { runFilter, runStock, type FilterResult } from './run-stock.ts';

const stockEnd = (exitCode: number): 'takes' | 'crashes' | 'refuses' =>
  exitCode === 0 ? 'takes' : exitCode === -1 ? 'crashes' : 'refuses';

function fault({ refused }: ErrorCase, { error }: FilterResult): string | undefined {
  if (refused === undefined) return error?.message;
  const [code, ...words] = refused;
  if (error === undefined) return 'it is not refused';
  // Any error of ours, never one of the machine's.
  if (error.name !== 'DnnError') return `${error.name}: ${error.message}`;
  if (code !== '' && error.code !== code)
    return `${String(error.code)} in place of ${code}: ${error.message}`;
  const missing = words.find((word) => !error.message.includes(word));
  return missing === undefined ? undefined : `the message lacks '${missing}': ${error.message}`;
}

export async function runError(ffmpeg: FFmpegPage, one: ErrorCase): Promise<ConformanceResult> {
  const { title, rows, model, format = 'yuv420p', size = [24, 16], stock } = one;
  const { filter = 'dnn_processing=model=m.model:input=x:output=y' } = one;
  const [width, height] = size;
  const frame = Uint8Array.from(
    { length: frameLayout(format, width, height).size },
    (_, at) => (at * 37) & 255,
  );
  const files = model === undefined ? {} : { 'm.model': model };
  const outcome = await runFilter(ffmpeg.page, { filters: filter, files, format, width, height, frame });
  let note = fault(one, outcome);
  if (stock !== undefined && note === undefined) {
    const source = ['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=25`, '-frames:v', '1'];
    const args = [...source, '-vf', `format=${format},${filter}`, '-f', 'rawvideo', 'out.raw'];
    const { exitCode, log } = await runStock(ffmpeg.page, args, model ?? new Uint8Array(0), 'out.raw');
    const end = stockEnd(exitCode);
    if (stock === 'fails' ? end === 'takes' : end !== stock)
      note = `stock ffmpeg ${end} it: ${log.slice(-2).join(' | ')}`;
  }
  return {
    title: `${title}: ${outcome.error?.message.split('\n')[0] ?? 'runs'}`,
    rows,
    filter: filter.split('=')[0]!,
    format,
    reference: stock === undefined ? 'by hand' : 'stock ffmpeg',
    passed: note === undefined,
    note: note ?? (stock === undefined ? '' : `stock ffmpeg ${stock} it`),
  };
}
