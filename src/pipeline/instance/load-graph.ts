/** The model of one DNN filter as the graph that its frames are fed into, and the backend that runs it. */
import type { Logger } from '../../base/log.ts';
import type { DnnContext } from '../../dnn/options/dnn-context.ts';
import type { DNNFunctionType, OnnxFile } from '../../dnn/contract/interface.ts';
import { findInput, findOutputs, resolveInputName, resolveOutputName } from '../../dnn/contract/model-io.ts';
import { feedChannelsLast } from '../../graph/feed-channels-last.ts';
import type { Graph } from '../../graph/graph.ts';
import { inputShape, withOpenSize } from '../../graph/input-node.ts';
import { checkFed } from '../../model/check-fed.ts';
import { checkVariables } from '../../model/check-variables.ts';
import { withImpliedShape } from '../../model/implied-shape.ts';
import { takeKnownBranches } from '../../model/known-branches.ts';
import type { ModelConventions, ReadFile } from '../../model/model-format.ts';
import { openFilterModel } from './open-filter-model.ts';

/** @typeParam Context the filter's own. */
export interface FilterGraph<Context extends DnnContext> {
  /** Takes frames as `[n, height, width, channels]`. */
  readonly graph: Graph;
  /** Names of its nodes; all outputs of the model where the filter names none. */
  readonly input: string;
  readonly outputs: readonly string[];
  /** Names of the classes, where the model carries them. */
  readonly labels?: readonly string[];
  /** What ONNX Runtime runs, where it does. */
  readonly file?: OnnxFile;
  /** With the backend that runs the model, and the layout that the graph has now. */
  readonly context: Context;
  /** What is usual of models of its format. */
  readonly conventions: ModelConventions;
}

/**
 * Loads a filter's model, looks up its names, and gives it frames in their own layout.
 *
 * @param path of the model, absolute.
 * @throws DnnError `ENOENT`, `EINVAL`, `ENOSYS` for a model, a name or a backend that is not there.
 */
export async function loadFilterGraph<Context extends DnnContext>(
  context: Context,
  functionType: DNNFunctionType,
  path: string,
  readFile: ReadFile,
  log: Logger,
): Promise<FilterGraph<Context>> {
  const inputResizable = context.inputResizable ?? false;
  const model = await openFilterModel(context, path, readFile, { inputResizable }, log);
  const { format, graph: read, labels, backendType, file } = model;
  const { conventions } = format;
  const input = context.input === undefined ? findInput(read) : resolveInputName(read, context.input);
  const loaded = withImpliedShape(takeKnownBranches(read, input), input);
  const outputs = context.outputs?.map((name) => resolveOutputName(loaded, name)) ?? findOutputs(loaded);
  checkVariables(loaded, path, outputs);
  checkFed(loaded, path, input, outputs);
  const shape = inputShape(loaded, input);
  const layout = context.layout ?? conventions.layout(shape);
  const pictures = functionType === 'process_frame';
  const fed = layout === 'nchw' ? feedChannelsLast(loaded, { input, outputs, pictures }) : loaded;
  const graph = inputResizable ? withOpenSize(fed, input) : fed;
  const isImage = shape?.length === 4;
  return {
    graph,
    input,
    outputs,
    ...(labels === undefined ? {} : { labels }),
    ...(file === undefined ? {} : { file: { ...file, layout, pictures } }),
    conventions,
    context: { ...context, backendType, ...(isImage ? { layout: 'nhwc' as const } : {}) },
  };
}
