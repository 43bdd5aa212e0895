/** Indices of mp4 and mov files like those of a command without DNN filters. */
import type { TemplateSource } from '../../media/output/output-target.ts';
import type { CorePool } from './core-pool.ts';
import { movieAt, shortRun, type Movies } from './short-run.ts';
import type { StageFiles } from './stage-files.ts';

/**
 * Runs the command once more, when the first file asks for it.
 *
 * @param args words that end each output soon.
 */
export function plainTemplates(cores: CorePool, files: StageFiles, args: readonly string[]): TemplateSource {
  let movies: Promise<Movies> | undefined;
  return async (path) => {
    movies ??= shortRun(args, { cores, files, name: 'The short run of the command' });
    return movieAt(await movies, path);
  };
}
