/** Reads what a planning run logged: the frames that enter the DNN filters, the streams, the mapping. */
import { FrameReport, reportOf } from './frame-report.ts';
import type { PlannedFrames } from './planned-frames.ts';

/** One stream of an input or of the output as ffmpeg lists it. */
export interface PlannedStream {
  readonly index: number;
  /** `Video`, `Audio`, `Subtitle`, `Data` or `Attachment`. */
  readonly type: string;
  /** ISO 639 code as tagged. */
  readonly language?: string;
  /** Names of the dispositions, as `-disposition` takes them. */
  readonly dispositions: readonly string[];
  readonly title?: string;
  /** Degrees of the display matrix; 0 without one. */
  readonly rotation: number;
  /** The demuxer's ticks per second; undefined where ffmpeg does not print it exactly. */
  readonly ticksPerSecond?: number;
}

/** One input file. */
export interface PlannedInput {
  readonly streams: readonly PlannedStream[];
  /** Seconds; undefined for images, endless sources and whatever else does not say. */
  readonly duration?: number;
  /**
   * Set where the format may jump in time (AVFMT_TS_DISCONT), so that ffmpeg
   * counts from the first stream in use.
   */
  readonly isDiscontinuous?: true;
}

/** A stream of an input, by ffmpeg's numbers. */
export interface StreamSource {
  readonly file: number;
  readonly stream: number;
}

/** One output stream of the `Stream mapping:` block. */
export interface StreamMapping {
  /** Where it comes from; undefined for `-filter_complex` outputs and attached files. */
  readonly source?: StreamSource;
  /** `graph`: output of a `-filter_complex`; `file`: `-attach`. */
  readonly kind: 'copy' | 'encode' | 'graph' | 'file';
  /** Index of the stream in its output. */
  readonly output: number;
}

/** One output file. */
export interface PlannedOutput {
  /** ffmpeg's name of the container; undefined where ffmpeg ended before writing the header. */
  readonly format?: string;
  readonly mappings: readonly StreamMapping[];
  /** Empty where ffmpeg ended before writing the header. */
  readonly streams: readonly PlannedStream[];
}

/** A stream that goes into a complex graph. */
export interface GraphInput {
  readonly source: StreamSource;
  /** Name of the filter that takes it. */
  readonly filter: string;
}

/** All that a planning run tells. */
export interface Planning {
  /** By the index of the DNN filter; undefined where no frame got so far. */
  readonly frames: readonly (PlannedFrames | undefined)[];
  readonly inputs: readonly PlannedInput[];
  readonly outputs: readonly PlannedOutput[];
  readonly graphInputs: readonly GraphInput[];
  /**
   * By the number of the output: the frames that ffmpeg decodes for its chain. Undefined where none of them
   * was seen; all absent where the browser is not asked to decode.
   */
  readonly decoded?: readonly (PlannedFrames | undefined)[];
}

const dispositionNames: ReadonlySet<string> = new Set(
  [
    'default',
    'dub',
    'original',
    'comment',
    'lyrics',
    'karaoke',
    'forced',
    'hearing impaired',
    'visual impaired',
  ].concat(
    [
      'clean effects',
      'attached pic',
      'timed thumbnails',
      'captions',
      'descriptions',
      'metadata',
      'dependent',
    ],
    ['still image'],
  ),
);

/** Demuxers with AVFMT_TS_DISCONT that read files. */
const discontinuousFormats: ReadonlySet<string> = new Set([
  'mpegts',
  'mpeg',
  'ogg',
  'hls',
  'live_flv',
  'wtv',
]);

const ticks: Readonly<Record<string, number>> = { '': 1, k: 1000, M: 1_000_000 };

interface MutableStream {
  index: number;
  type: string;
  language?: string;
  dispositions: string[];
  title?: string;
  rotation: number;
  ticksPerSecond?: number;
}

interface MutableInput {
  streams: MutableStream[];
  duration?: number;
  isDiscontinuous?: true;
}

/** A line of av_dump_format about one stream. */
function parseStreamLine(line: string): MutableStream | undefined {
  const match = /^ +Stream #\d+:(\d+)(?:\[0x[0-9a-f]+\])?(?:\(([^)]*)\))?: (\w+)(?:: (.*))?$/.exec(line);
  if (match === null) return undefined;
  const [, index, language, type, details] = match;
  const dispositions: string[] = [];
  let rest = details ?? '';
  for (;;) {
    const group = / \(([a-z ]+)\)$/.exec(rest);
    if (group === null || !dispositionNames.has(group[1]!)) break;
    dispositions.unshift(group[1]!.replaceAll(' ', '_'));
    rest = rest.slice(0, group.index);
  }
  const tbn = /, (\d+)([kM]?) tbn$/.exec(rest);
  return {
    index: Number(index),
    type: type!,
    ...(language === undefined ? {} : { language }),
    dispositions,
    rotation: 0,
    // Three digits are printed exactly; above, ffmpeg shortens 90000 to 90k, and
    // what cannot be shortened is exact.
    ...(tbn === null ? {} : { ticksPerSecond: Number(tbn[1]) * ticks[tbn[2]!]! }),
  };
}

/** A line about an output's stream, with the number of the output. */
function parseMappingLine(line: string): { file: number; mapping: StreamMapping } | undefined {
  const stream = /^ {2}Stream #(\d+):(\d+) -> #(\d+):(\d+)(?: \[sync #\d+:\d+\])? \((.*)\)$/.exec(line);
  if (stream !== null) {
    const source = { file: Number(stream[1]), stream: Number(stream[2]) };
    const kind = stream[5] === 'copy' ? 'copy' : 'encode';
    return { file: Number(stream[3]), mapping: { source, kind, output: Number(stream[4]) } };
  }
  const file = /^ {2}File .* -> Stream #(\d+):(\d+)$/.exec(line);
  if (file !== null) return { file: Number(file[1]), mapping: { kind: 'file', output: Number(file[2]) } };
  const graph = /^ {2}\S+(?: \(graph \d+\))? -> Stream #(\d+):(\d+) \(.*\)$/.exec(line);
  if (graph === null) return undefined;
  return { file: Number(graph[1]), mapping: { kind: 'graph', output: Number(graph[2]) } };
}

function parseGraphInput(line: string): GraphInput | undefined {
  const match = /^ {2}Stream #(\d+):(\d+) \([^)]*\) -> ([^\s:]+)(?::\S+)?(?: \(graph \d+\))?$/.exec(line);
  if (match === null) return undefined;
  return { source: { file: Number(match[1]), stream: Number(match[2]) }, filter: match[3]! };
}

function parseSeconds(text: string): number | undefined {
  const match = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}

/** Collects lines; `finish` gives what they told. */
class PlanningLogReader {
  readonly #reports: readonly FrameReport[];
  /** By the number of the output. */
  readonly #decoded: (FrameReport | undefined)[] = [];
  readonly #inputs: MutableInput[] = [];
  readonly #graphInputs: GraphInput[] = [];
  readonly #outputs: { format?: string; mappings: StreamMapping[]; streams: MutableStream[] }[] = [];
  #output = 0;
  #section: 'input' | 'output' | 'mapping' | 'other' = 'other';
  #stream: MutableStream | undefined;

  constructor(filterCount: number) {
    this.#reports = Array.from({ length: filterCount }, () => new FrameReport());
  }

  read(line: string): void {
    const report = reportOf(line);
    if (report !== undefined) {
      const { place, index, text } = report;
      if (place === 'dnn') this.#reports[index]?.read(text);
      else (this.#decoded[index] ??= new FrameReport()).read(text);
      return;
    }
    if (this.#startSection(line)) return;
    if (this.#section === 'mapping') {
      const mapped = parseMappingLine(line);
      if (mapped !== undefined) this.#outputAt(mapped.file).mappings.push(mapped.mapping);
      const input = parseGraphInput(line);
      if (input !== undefined) this.#graphInputs.push(input);
    } else if (this.#section !== 'other') {
      this.#readDump(line, this.#section);
    }
  }

  finish(): Planning {
    return {
      frames: this.#reports.map((report) => report.frames),
      inputs: this.#inputs,
      outputs: this.#outputs.map(({ format, mappings, streams }) => ({
        ...(format === undefined ? {} : { format }),
        mappings: mappings.toSorted((a, b) => a.output - b.output),
        streams,
      })),
      graphInputs: this.#graphInputs,
      ...(this.#decoded.length > 0 ? { decoded: Array.from(this.#decoded, (report) => report?.frames) } : {}),
    };
  }

  #outputAt(file: number): { format?: string; mappings: StreamMapping[]; streams: MutableStream[] } {
    while (this.#outputs.length <= file) this.#outputs.push({ mappings: [], streams: [] });
    return this.#outputs[file]!;
  }

  #startSection(line: string): boolean {
    const dump = /^(Input|Output) #(\d+), (\w*)/.exec(line);
    if (dump !== null) {
      this.#section = dump[1] === 'Input' ? 'input' : 'output';
      const isDiscontinuous = discontinuousFormats.has(dump[3]!) ? (true as const) : undefined;
      if (this.#section === 'input')
        this.#inputs.push({ streams: [], ...(isDiscontinuous === undefined ? {} : { isDiscontinuous }) });
      else {
        this.#output = Number(dump[2]);
        this.#outputAt(this.#output).format = dump[3]!;
      }
    } else if (line === 'Stream mapping:') {
      this.#section = 'mapping';
    } else if (line !== '' && !line.startsWith(' ') && !line.startsWith('[')) {
      this.#section = 'other';
    } else {
      return false;
    }
    this.#stream = undefined;
    return true;
  }

  #readDump(line: string, section: 'input' | 'output'): void {
    const input = this.#inputs.at(-1);
    const stream = parseStreamLine(line);
    if (stream !== undefined) {
      this.#stream = stream;
      (section === 'input' ? input?.streams : this.#outputAt(this.#output).streams)?.push(stream);
      return;
    }
    const duration = /^ {2}Duration: ([\d:.]+),/.exec(line);
    if (duration !== null && section === 'input' && input !== undefined) {
      const seconds = parseSeconds(duration[1]!);
      if (seconds !== undefined) input.duration = seconds;
    }
    if (this.#stream === undefined) return;
    const title = /^ {4,}title +: (.*)$/.exec(line);
    if (title !== null) this.#stream.title = title[1]!;
    const rotation = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(line);
    if (rotation !== null) this.#stream.rotation = Number(rotation[1]);
  }
}

/**
 * Reads the log of a planning run at level `info`, one line per entry and without line ends.
 *
 * @param filterCount number of DNN filters in the plan
 */
export function parsePlanningLog(lines: Iterable<string>, filterCount: number): Planning {
  const reader = new PlanningLogReader(filterCount);
  for (const line of lines) reader.read(line);
  return reader.finish();
}
