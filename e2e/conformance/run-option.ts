/**
 * Reads the options of a case with the program's own parser, and has stock
 * ffmpeg's filter read the same words.
 */
import { expect } from 'playwright/test';
import { availableBackends } from '../../src/dnn/contract/backends.ts';
import { DnnError } from '../../src/base/errors.ts';
import type { FilterContext } from '../../src/filters/filter-context.ts';
import { filtersOf } from '../../src/filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../src/filtergraph/parse-filtergraph.ts';
import { findDnnFilter } from '../../src/filters/filters.ts';
import type { FFmpegPage } from '../ffmpeg-page.ts';
import { chain, mul, withNumber } from '../native-layers.ts';
import { enlarging } from './format-cases.ts';
import type { OptionCase } from './option-cases.ts';
import type { ConformanceResult } from './record.ts';
import { runStock } from './run-stock.ts';

interface Reading {
  readonly context?: FilterContext;
  readonly error?: DnnError;
  readonly warnings: readonly string[];
}

function read(text: string): Reading {
  const warnings: string[] = [];
  const log = (level: string, message: string): void => {
    if (level === 'warning') warnings.push(message);
  };
  try {
    const node = filtersOf(parseFiltergraph(text))[0]!;
    return { context: findDnnFilter(node).parse(node, { availableBackends, log }), warnings };
  } catch (error) {
    if (error instanceof DnnError) return { error, warnings };
    throw error;
  }
}

/** What is wrong with what was read; undefined where nothing is. */
function fault(
  { gives, refused, warns }: OptionCase,
  { context, error, warnings }: Reading,
): string | undefined {
  if (refused !== undefined) {
    const [code, ...words] = refused;
    if (error === undefined) return 'it is not refused';
    if (error.code !== code) return `${error.code} in place of ${code}: ${error.message}`;
    const missing = words.find((word) => !error.message.includes(word));
    return missing === undefined ? undefined : `the message lacks '${missing}': ${error.message}`;
  }
  if (error !== undefined) return error.message;
  if (warns !== undefined && !warnings.some((line) => line.includes(warns))) return `no warning '${warns}'`;
  for (const [name, value] of Object.entries(gives ?? {})) {
    const found: unknown = new Map<string, unknown>(Object.entries(context ?? {})).get(name);
    const wanted: unknown =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? expect.objectContaining(value as Record<string, unknown>)
        : value;
    try {
      expect(found).toEqual(wanted);
    } catch {
      return `${name} is ${JSON.stringify(found)} in place of ${JSON.stringify(value)}`;
    }
  }
  return undefined;
}

const identity = (channels: number): Uint8Array => chain(channels, withNumber(mul, 1));

async function stockFault(ffmpeg: FFmpegPage, text: string, { filter, stock }: OptionCase) {
  if (stock === undefined) return undefined;
  const rgb = filter === 'derain';
  const vf = `format=${rgb ? 'rgb24' : 'yuv420p'},${text}`;
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=16x12:rate=25', '-frames:v', '1'];
  // sr of FFmpeg 5.1 crashes with a model that keeps the size.
  const model = filter === 'sr' ? enlarging(1) : identity(rgb ? 3 : 1);
  const words = [...source, '-vf', vf, '-f', 'rawvideo', 'out.raw'];
  const first = await runStock(ffmpeg.page, words, model, 'out.raw');
  // What earlier commands have left in a core may make it crash; the next one gets a new core.
  const { exitCode, log } =
    first.exitCode === -1 ? await runStock(ffmpeg.page, words, model, 'out.raw') : first;
  const took = exitCode === 0;
  if (took === (stock === 'takes')) return undefined;
  return `stock ffmpeg ${took ? 'takes' : 'refuses'} it: ${log.slice(-3).join(' | ')}`;
}

export async function runOption(ffmpeg: FFmpegPage, one: OptionCase): Promise<ConformanceResult> {
  const text =
    one.whole === true
      ? `${one.filter}=${one.options}`
      : `${one.filter}=model=m.model:input=x:output=y${one.options}`;
  const note = fault(one, read(text)) ?? (await stockFault(ffmpeg, text, one));
  return {
    title: text,
    rows: one.rows,
    filter: one.filter,
    reference: one.stock === undefined ? 'by hand' : 'stock ffmpeg',
    passed: note === undefined,
    ...(note === undefined ? {} : { note }),
  };
}
