/** What the workers of a filter are to do with their model, by its options and the model itself. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { AnalyticsInput, DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { RunnerTask } from '../../dnn/run/runner-kinds.ts';
import { settleDetector } from '../../filters/detectors/settle-detector.ts';
import type { ModelInput } from '../../filters/dnn-filter.ts';
import type { AnalyticsContext, FilterContext } from '../../filters/filter-context.ts';
import { fittingLabel, readLabelsFile } from '../../filters/labels-file.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import type { ReadFile } from '../../model/model-format.ts';
import type { FilterGraph } from './load-graph.ts';
import { modelShape } from './model-shape.ts';

/** A task with the outputs that it reads. */
export interface RunnerWork {
  readonly task: RunnerTask;
  /** Names of nodes. */
  readonly outputs: readonly string[];
}

/** The values and the place of pixels in the tensor. */
type PixelInput = Pick<AnalyticsInput, 'mean' | 'scale' | 'letterbox' | 'openSize'> & {
  readonly order?: AnalyticsInput['order'];
};

/**
 * Reads the labels file where the filter has one, and settles what the filter's options leave to the model.
 *
 * @param loaded the filter's graph, with its context.
 * @param readFile gives the bytes of an absolute path.
 * @param log is told what the model was recognised as.
 * @throws DnnError `EINVAL` for a labels file that is not there, or that FFmpeg refuses; for a model whose
 *   kind its outputs do not tell; for several outputs where one is read.
 */
export async function runnerTask(
  loaded: FilterGraph<FilterContext>,
  modelInput: ModelInput,
  cwd: string,
  readFile: ReadFile,
  log: Logger,
): Promise<RunnerWork> {
  const { context, outputs } = loaded;
  if (!('analytics' in context)) {
    const [first, ...others] = outputs;
    if (context.outputs === undefined && others.length > 0)
      log('warning', `option output is left out: ${first!} is used of the model's ${outputs.join(', ')}`);
    return {
      task: { kind: 'process', setup: undefined },
      outputs: context.outputs === undefined ? [first!] : outputs,
    };
  }
  const { analytics } = context;
  const ownLabels = loaded.labels?.map(fittingLabel);
  const labels = await labelsOf(context, cwd, readFile);
  if (analytics.kind === 'classify') {
    refuseSeveral(loaded);
    const input = tensorOf(loaded, modelInput, { mean: 0, scale: 1, ...levelsOf(context) });
    const options = { ...analytics, labels: labels ?? ownLabels ?? [] };
    return { task: { kind: 'analyse', setup: { input, options } }, outputs };
  }
  const settled = settleDetector(
    {
      path: context.model,
      model: modelShape(loaded, modelInput),
      ...(ownLabels === undefined ? {} : { ownLabels }),
      ...(labels === undefined ? {} : { labels }),
      wish: context.wish ?? {},
      plain: analytics satisfies DetectOptions,
      hasOutputs: context.outputs !== undefined,
      levels: levelsOf(context),
      takesBytes: modelInput.dtype !== 'float32',
      inShares: loaded.conventions.boxesInShares ?? false,
    },
    log,
  );
  const input = tensorOf(loaded, modelInput, settled.input);
  return { task: { kind: 'analyse', setup: { input, options: settled.options } }, outputs: settled.outputs };
}

function tensorOf(
  { conventions }: FilterGraph<FilterContext>,
  { dims: [, height, width, channels] }: ModelInput,
  pixels: PixelInput,
): AnalyticsInput {
  return { order: conventions.pixelOrder, ...pixels, width, height, channels: channels === 1 ? 1 : 3 };
}

/** What the filter's options say of the values. */
function levelsOf({ mean, scale }: AnalyticsContext): Partial<Pick<AnalyticsInput, 'mean' | 'scale'>> {
  return { ...(mean === undefined ? {} : { mean }), ...(scale === undefined ? {} : { scale }) };
}

function refuseSeveral({ context, outputs }: FilterGraph<FilterContext>): void {
  if (context.outputs !== undefined || outputs.length === 1) return;
  throw new DnnError(
    'EINVAL',
    `option output is left out, and the model ${context.model} does not have one output only (${outputs.join(', ')}): write output=NAME`,
    { option: 'output', candidates: outputs },
  );
}

/** Undefined without a file. */
async function labelsOf(
  { labels: path }: AnalyticsContext,
  cwd: string,
  readFile: ReadFile,
): Promise<readonly string[] | undefined> {
  if (path === undefined) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolvePath(path, cwd));
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
