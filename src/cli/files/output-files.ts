/**
 * Which files on disk a command may write: the page server takes no others. ffmpeg names most of them in the
 * command; muxers of many files, encoders with logs and some filters make names of their own.
 */
import { basename, dirname, extname, join, resolve } from 'node:path';
import { sourceText } from '../../base/source-text.ts';
import { parseFilterOptions } from '../../filtergraph/filter-options.ts';
import { getToken } from '../../filtergraph/token.ts';
import type { Command } from '../../pipeline/command/command.ts';
import { escapePattern, writtenPattern } from './file-pattern.ts';
import { namedFilters } from './named-filters.ts';

/** One output, or one of the muxer `tee`. */
interface Output {
  readonly url: string;
  /** The muxer: that of `-f`, else by the name. */
  readonly format: string;
  readonly options: ReadonlyMap<string, string>;
}

/** Muxers by the ends of names, where they write more files than the one that is named. */
const formatByEnd: Readonly<Record<string, string>> = { '.m3u8': 'hls', '.mpd': 'dash' };

/** Options that name a file from the user's folder. */
const fileOptions = [
  ...['vstats_file', 'sdp_file', 'progress', 'segment_list', 'segment_header_filename', 'header'],
  ...['hls_segment_filename', 'hls_fmp4_init_filename', 'dump_attachment'],
];

/** Options of filters that name a file to be written (libavfilter: vf_psnr.c, f_metadata.c, …). */
const filterFileOptions: Readonly<Record<string, readonly string[]>> = {
  psnr: ['', 'stats_file', 'f'],
  ssim: ['', 'stats_file', 'f'],
  identity: ['', 'stats_file', 'f'],
  msad: ['', 'stats_file', 'f'],
  vmafmotion: ['', 'stats_file'],
  metadata: ['file'],
  ametadata: ['file'],
  deshake: ['filename'],
  signature: ['filename'],
  vidstabdetect: ['result'],
};

/** The slaves of `tee` (libavformat/tee.c), each with its own `[f=…:option=…]`. */
function teeOutputs(url: string): Output[] {
  const outputs: Output[] = [];
  for (let start = 0; start < url.length;) {
    const { value, end } = getToken(sourceText(url), start, '|');
    const [, words = '', name = ''] = /^(?:\[([^\]]*)\])?(.*)$/s.exec(value.text.trim()) ?? [];
    const pairs = parseFilterOptions(sourceText(words)).map(
      (option) => [option.key?.text ?? '', option.value.text] as const,
    );
    outputs.push(oneOutput(name, new Map(pairs)));
    start = end + 1;
  }
  return outputs;
}

function oneOutput(url: string, options: ReadonlyMap<string, string>): Output {
  const plain = url.replace(/^((file|crypto|cache|async):)+/, '');
  return { url: plain, format: options.get('f') ?? formatByEnd[extname(plain)] ?? '', options };
}

function outputsOf({ outputs }: Command): Output[] {
  return outputs.flatMap(({ url, options }) => {
    const output = oneOutput(url, new Map(options.map(({ name, value }) => [name, value])));
    return output.format === 'tee' ? [output, ...teeOutputs(url)] : [output];
  });
}

/** Names of the files beside the one that is named, as patterns of the muxer. */
function companions({ url, format, options }: Output, cwd: string): string[] {
  const path = resolve(cwd, url);
  const beside = (name: string): string => writtenPattern(join(dirname(path), name));
  const stem = basename(path, extname(path));
  const named = (option: string, otherwise: string): string => beside(options.get(option) ?? otherwise);
  switch (format) {
    case 'hls': {
      const init = options.get('hls_fmp4_init_filename') ?? 'init.mp4';
      const master = options.get('master_pl_name');
      return [
        `${beside(stem)}[^/]*`,
        `${beside(basename(init, extname(init)))}[^/]*`,
        ...(master === undefined ? [] : [beside(master)]),
      ];
    }
    case 'dash':
      return [
        named('init_seg_name', 'init-stream$RepresentationID$.$ext$'),
        named('media_seg_name', 'chunk-stream$RepresentationID$-$Number%05d$.$ext$'),
        named('single_file_name', `${stem}-stream$RepresentationID$.$ext$`),
        named('hls_master_name', 'master.m3u8'),
        beside('media_%d.m3u8'),
      ];
    case 'hds':
    case 'smoothstreaming':
      return [`${escapePattern(path)}/.*`];
    default:
      return [];
  }
}

/** The logs of a first pass, by ffmpeg (`PREFIX-0.log`) and by the encoder (`.mbtree`, `.temp`). */
function passLogs({ options }: Output, cwd: string): string[] {
  if (!options.has('pass') && !options.has('passlogfile')) return [];
  const prefix = resolve(cwd, options.get('passlogfile') ?? 'ffmpeg2pass');
  return [`${escapePattern(prefix)}-\\d+\\.log[^/]*`];
}

/** `stats=FILE` among the options of x264 and x265. */
function encoderLogs({ options }: Output, cwd: string): string[] {
  const words = ['x264-params', 'x264opts', 'x265-params'].map((name) => options.get(name) ?? '');
  return words
    .flatMap((text) => parseFilterOptions(sourceText(text)))
    .filter(({ key }) => key?.text === 'stats')
    .map(({ value }) => `${escapePattern(resolve(cwd, value.text))}[^/]*`);
}

/** Logs that ffmpeg names by the time, and attachments that their file names. */
function timedNames(command: Command, cwd: string): string[] {
  const here = `${escapePattern(cwd)}/`;
  const has = (name: string): boolean => command.global.some((option) => option.name === name);
  const dumps = command.inputs.some(({ options }) =>
    options.some(({ name, value }) => name === 'dump_attachment' && value === ''),
  );
  return [
    ...(has('report') ? [`${here}ffmpeg-\\d{8}-\\d{6}\\.log`] : []),
    ...(has('vstats') ? [`${here}vstats_\\d{6}\\.log`] : []),
    ...(dumps ? [`${here}[^/]+`] : []),
  ];
}

/** Files that options and filters name, from the user's folder. */
function namedFiles(command: Command, outputs: readonly Output[], cwd: string): string[] {
  const groups = [...command.inputs, ...command.outputs];
  const options = [...command.global, ...groups.flatMap((group) => group.options)];
  const own = [command.dnnStats, command.dnnDetections, command.dnnTimeline];
  const byFilters = namedFilters(command, cwd).flatMap(({ name, options: given }) =>
    given.filter(([option]) => filterFileOptions[name]?.includes(option)).map(([, value]) => value),
  );
  return [
    ...own.filter((name) => name !== undefined),
    ...options.filter(({ name }) => fileOptions.includes(name)).map(({ value }) => value),
    ...outputs.flatMap((output) => fileOptions.map((name) => output.options.get(name) ?? '')),
    ...byFilters,
  ];
}

/** Whether the command writes the file of an absolute path, under this name or with `.tmp` behind it. */
export function writtenFiles(command: Command, cwd: string): (path: string) => boolean {
  const outputs = outputsOf(command);
  const exact = [...outputs.map(({ url }) => url), ...namedFiles(command, outputs, cwd)]
    .filter((name) => name !== '' && name !== '-')
    .map((name) => resolve(cwd, name));
  const patterns = [
    ...exact.filter((path) => path.includes('%')).map(writtenPattern),
    ...outputs.flatMap((output) => [
      ...companions(output, cwd),
      ...passLogs(output, cwd),
      ...encoderLogs(output, cwd),
    ]),
    ...timedNames(command, cwd),
  ];
  const names = new Set(exact);
  const pattern = new RegExp(`^(?:${['(?!)', ...patterns].join('|')})$`);
  const isWritten = (path: string): boolean => names.has(path) || pattern.test(path);
  return (path) => isWritten(path) || (path.endsWith('.tmp') && isWritten(path.slice(0, -'.tmp'.length)));
}
