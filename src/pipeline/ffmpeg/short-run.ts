/** Indices of short mp4 and mov files, for those that a run with the same outputs does not finish. */
import { DnnError } from '../../base/errors.ts';
import type { CorePipe } from '../../media/core-options.ts';
import { isMovieStart } from '../../media/mp4/file-layout.ts';
import { movieBox } from '../../media/mp4/movie-template.ts';
import { OutputFiles } from '../../media/output/output-files.ts';
import type { WrittenFile } from '../../media/output/output-result.ts';
import type { CorePool } from './core-pool.ts';
import { FfmpegStage } from './ffmpeg-stage.ts';
import type { StageFiles } from './stage-files.ts';

/** A template takes a few seconds, unless ffmpeg hangs. */
const timeLimit = 60_000;

export interface ShortRunOptions {
  readonly cores: CorePool;
  readonly files: StageFiles;
  /** Names the run where it hangs. */
  readonly name: string;
  readonly pipes?: readonly CorePipe[];
  /** Fills the pipes of a run that has started, and ends it. */
  readonly feed?: (stage: FfmpegStage) => Promise<void>;
}

/** The `moov` box of each mp4 and mov that a run of ffmpeg writes, by path. */
export type Movies = ReadonlyMap<string, Uint8Array>;

/** @throws DnnError EIO where ffmpeg fails, with its last line, or where it takes more than a minute. */
export async function shortRun(args: readonly string[], options: ShortRunOptions): Promise<Movies> {
  const { cores, files, name, pipes = [], feed } = options;
  const lines: string[] = [];
  const outputs = new OutputFiles({ targets: new Map() });
  let applied = Promise.resolve();
  const stage = new FfmpegStage({
    ...{ cores, files, name, pipes },
    outputs: { mode: 'events' },
    stdout: 'output',
    onLog: (message) => lines.push(message),
    onOutput: ({ record, payload }) => {
      applied = applied.then(() => outputs.apply(record, payload));
    },
  });
  const limit = setTimeout(() => {
    stage.kill();
  }, timeLimit);
  try {
    const running = stage.run(args);
    void feed?.(stage);
    const exitCode = await running;
    if (exitCode !== 0) throw new DnnError('EIO', `${name} failed: ${lines.slice(-1).join('')}`);
  } finally {
    clearTimeout(limit);
  }
  await applied;
  return moviesOf((await outputs.finish()).files);
}

/** @throws DnnError EIO where a run has written no index at a path. */
export function movieAt(movies: Movies, path: string): Uint8Array {
  const movie = movies.get(path);
  if (movie === undefined) throw new DnnError('EIO', 'A short run of the encoder gave no index.', { path });
  return movie;
}

async function moviesOf(files: readonly WrittenFile[]): Promise<Movies> {
  const movies = new Map<string, Uint8Array>();
  for (const { path, blob } of files) {
    const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? []);
    const movie = isMovieStart(bytes) ? movieBox(bytes) : undefined;
    if (movie !== undefined) movies.set(path, movie.slice());
  }
  return movies;
}
