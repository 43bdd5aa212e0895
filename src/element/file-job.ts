/** One whole file through a filter: what `<ffmpeg-dnn>` does in its file mode. */
import { DnnError } from '../base/errors.ts';
import type { Capabilities, ExecOptions, FFmpegDNN, JobStats, LoadConfig, TrialResult } from '../index.ts';
import { madeWithoutFFmpeg } from '../pipeline/command/without-headers.ts';
import type { NoticeDetail } from './element-events.ts';
import { fetchBlob, fileNameOf } from './fetch-blob.ts';
import { mediaType } from './media-type.ts';
import { encodeResult, likelyWords } from './result/encode-result.ts';
import type { ResultWish } from './result/result-wish.ts';
import { soundCodecs, type SoundCodecs } from './result/sound-codecs.ts';
import { splitWords } from './split-words.ts';

/** Model and label files by the names that the filter uses: contents, or addresses. */
export type NamedFiles = Readonly<Record<string, Blob | string>>;

export interface FileJob {
  readonly ffmpeg: FFmpegDNN;
  readonly loadConfig: LoadConfig;
  readonly input: Blob;
  /** Of the input. */
  readonly name: string;
  readonly filter: string;
  readonly files: NamedFiles;
  /** ffmpeg's options of the output as one line, or what is wanted of it. */
  readonly output: string | ResultWish;
  /** Of the result. */
  readonly filename: string;
  readonly options: ExecOptions & { readonly signal: AbortSignal };
  /** Told where something is done in another way than usual, before it begins. */
  readonly onNotice: (notice: NoticeDetail) => void;
}

export interface FileResult {
  /** Null where the result went to a stream or an address of the caller's. */
  readonly blob: Blob | null;
  readonly stats: JobStats | null;
}

const noSound = Promise.resolve(undefined);

/** Lines of ffmpeg's log that explain a failure. */
const lastWords = 6;

/** A line of what the result does not keep: the output is a path from the root. */
const notKept = new RegExp(`^warning: /?(.+ ${madeWithoutFFmpeg}.+)$`);

/**
 * @throws DnnError as `FFmpegDNN.exec`, and `EIO` with ffmpeg's last words where it fails by itself.
 * @throws the signal's reason.
 */
export async function runFileJob(job: FileJob): Promise<FileResult> {
  const { ffmpeg, filename, options } = job;
  const sound = await prepare(job);
  const stats = await encoded(job, sound, (output) => runCommand(job, output));
  const target = options.outputs?.[outputPath(filename)];
  if (target !== undefined && !('getFile' in target)) return { blob: null, stats };
  const blob = await (target === undefined ? ffmpeg.readBlob(outputPath(filename)) : target.getFile());
  return { blob: blob.slice(0, blob.size, mediaType(filename)), stats };
}

/** What the job will take, from its first frames. @throws as {@link runFileJob} */
export async function tryFileJob(job: FileJob): Promise<TrialResult> {
  const { ffmpeg, options } = job;
  const sound = await prepare(job);
  return encoded(job, sound, (output) => ffmpeg.trial(commandOf(job, output), { signal: options.signal }));
}

/**
 * Loads ffmpeg, and gets ready what a job on any file would wait for.
 * @throws DnnError as `FFmpegDNN.load` and `FFmpegDNN.prepare`.
 */
export async function prepareFileJob(
  job: Pick<FileJob, 'ffmpeg' | 'loadConfig' | 'filter' | 'filename' | 'output'>,
): Promise<void> {
  const { ffmpeg, loadConfig, output } = job;
  await ffmpeg.load(loadConfig);
  const words = typeof output === 'string' ? output : likelyWords(output);
  await ffmpeg.prepare(commandOf({ ...job, name: '' }, words));
}

/** Runs something with ffmpeg's options of the output, for an input with this sound. */
async function encoded<T>(
  job: FileJob,
  sound: SoundCodecs | undefined,
  run: (output: string) => Promise<T>,
): Promise<T> {
  const { ffmpeg, output, options, onNotice } = job;
  if (typeof output === 'string') return run(output);
  const capabilities = (): Promise<Capabilities> => ffmpeg.capabilities({ signal: options.signal });
  const hasFFmpeg = globalThis.crossOriginIsolated;
  return encodeResult({ wish: output, sound, hasFFmpeg, run, capabilities, onNotice });
}

async function runCommand(job: FileJob, output: string): Promise<JobStats | null> {
  const { ffmpeg, options, onNotice } = job;
  const lines: string[] = [];
  const keepLine = ({ message }: { readonly message: string }): void => {
    const [, notice] = notKept.exec(message) ?? [];
    if (notice !== undefined) onNotice({ message: notice });
    lines.push(message);
    if (lines.length > lastWords) lines.shift();
  };
  let stats: JobStats | null = null;
  ffmpeg.on('log', keepLine);
  try {
    const exitCode = await ffmpeg.exec(commandOf(job, output), {
      ...options,
      onStats: (figures) => {
        stats = figures;
        options.onStats?.(figures);
      },
    });
    if (exitCode === 0) return stats;
    throw new DnnError('EIO', `ffmpeg ended with ${exitCode}. Its last words:\n${lines.join('\n')}`, {
      exitCode,
    });
  } finally {
    ffmpeg.off('log', keepLine);
  }
}

/**
 * Puts the input and the filter's files where the command finds them.
 * @returns the input's sound; undefined where ffprobe cannot read it, and where `output` needs no such thing.
 */
async function prepare(job: FileJob): Promise<SoundCodecs | undefined> {
  const { ffmpeg, loadConfig, input, name, output, options } = job;
  await ffmpeg.load(loadConfig, { signal: options.signal });
  await ffmpeg.writeFile(inputPath(name), input);
  // ffprobe reads while the models come, and both have ended before a failure of one is told.
  const path = inputPath(name);
  const sound = typeof output === 'string' ? noSound : soundCodecs(ffmpeg, path, options.signal);
  const files = writeFiles(job);
  await Promise.allSettled([sound, files]);
  await files;
  return sound;
}

async function writeFiles({ ffmpeg, files, options: { signal } }: FileJob): Promise<void> {
  for (const [path, file] of Object.entries(files)) {
    const content = typeof file === 'string' ? await fetchBlob(file, signal) : file;
    await makeFolders(ffmpeg, path.split('/').slice(0, -1));
    await ffmpeg.writeFile(`/${path}`, content);
  }
}

/** Folders of a model with shards, which may be there from an earlier job. */
async function makeFolders(ffmpeg: FFmpegDNN, names: readonly string[]): Promise<void> {
  let parent = '';
  for (const name of names) {
    const entries = await ffmpeg.listDir(parent === '' ? '/' : parent);
    parent += `/${name}`;
    if (!entries.some((entry) => entry.name === name)) await ffmpeg.createDir(parent);
  }
}

/** Apart from the names of models and of the result. */
function inputPath(name: string): string {
  return `/input-${name.replaceAll(/[/\\]/g, '_')}`;
}

/** Where a command puts the result: the key of `outputs`. */
export function outputPath(filename: string): string {
  return `/${filename}`;
}

function commandOf(
  { name, filter, filename }: Pick<FileJob, 'name' | 'filter' | 'filename'>,
  output: string,
): string[] {
  // The browser decodes where it gives the same frames.
  const input = ['-hwaccel', 'auto', '-i', inputPath(name)];
  const filters = filter.trim() === '' ? [] : ['-vf', filter];
  // A `-dnn_color ffmpeg` of the page's own stands behind, and wins.
  const colors = ['-dnn_color', 'keep'];
  return [...input, ...filters, ...colors, ...splitWords(output), outputPath(filename)];
}

/**
 * @param models addresses, separated by blanks; each is found by its file name.
 * @param files by name, in place of one of that name.
 */
export function namedFiles(models: string, files: NamedFiles): NamedFiles {
  const addresses = models.split(/\s+/).filter((address) => address !== '');
  const named = addresses.map((address) => [fileNameOf(new URL(address, document.baseURI).href), address]);
  return { ...(Object.fromEntries(named) as Record<string, string>), ...files };
}
