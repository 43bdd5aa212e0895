/** What the workers of a filter are to do with their model, by its options and the model's input. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { AnalyticsInput } from '../../dnn/contract/analytics-spec.ts';
import type { RunnerTask } from '../../dnn/run/runner-kinds.ts';
import type { ModelInput } from '../../filters/dnn-filter.ts';
import type { FilterContext } from '../../filters/filter-context.ts';
import { readLabelsFile } from '../../filters/labels-file.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import type { ReadFile } from '../../model/model-format.ts';

/**
 * Reads the labels file where the filter has one.
 *
 * @param order of the colours in pixels that are looked for boxes in.
 * @param readFile gives the bytes of an absolute path.
 * @throws DnnError `EINVAL` for a labels file that is not there, or that FFmpeg refuses.
 */
export async function runnerTask(
  context: FilterContext,
  { dims: [, height, width, channels] }: ModelInput,
  order: AnalyticsInput['order'],
  cwd: string,
  readFile: ReadFile,
): Promise<RunnerTask> {
  if (!('analytics' in context)) return { kind: 'process', setup: undefined };
  const { analytics, labels, mean = 0, scale = 0 } = context;
  const names = labels === undefined ? [] : await readLabels(labels, resolvePath(labels, cwd), readFile);
  const input = {
    width,
    height,
    channels: channels === 1 ? 1 : 3,
    order,
    mean,
    scale: scale === 0 ? 1 : scale,
  } as const;
  return { kind: 'analyse', setup: { input, options: { ...analytics, labels: names } } };
}

async function readLabels(path: string, absolute: string, readFile: ReadFile): Promise<readonly string[]> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(absolute);
  } catch (error) {
    throw new DnnError(
      'EINVAL',
      `option labels: cannot read '${path}': ${errorMessage(error)}; check the path`,
      { option: 'labels', file: path },
      { cause: error },
    );
  }
  return readLabelsFile(bytes, path);
}
