/** The model of one DNN filter as the graph that its frames are fed into, and the backend that runs it. */
import { DnnError } from '../../base/errors.ts';
import type { DnnContext } from '../../dnn/options/dnn-context.ts';
import type { DNNFunctionType } from '../../dnn/contract/interface.ts';
import { resolveInputName, resolveOutputName } from '../../dnn/contract/model-io.ts';
import { feedChannelsLast, layoutOfInput } from '../../graph/feed-channels-last.ts';
import type { Graph } from '../../graph/graph.ts';
import { inputShape, withOpenSize } from '../../graph/input-node.ts';
import { checkVariables } from '../../model/check-variables.ts';
import { openModel, type ReadFile } from '../../model/load-model.ts';

export interface FilterGraph {
  /** Takes frames as `[n, height, width, channels]`. */
  readonly graph: Graph;
  /** Names of its nodes. */
  readonly input: string;
  readonly outputs: readonly string[];
  /** With the backend that runs the model, and the layout that the graph has now. */
  readonly context: DnnContext;
  /** Whether the file is a model of OpenVINO, which FFmpeg gives pixels in the order B, G, R to look for boxes in. */
  readonly isOpenvino: boolean;
}

/** @throws DnnError `EINVAL` where dnn_backend=openvino meets another model. */
function backendOf(
  { backendType, backendGiven, openvino, model }: DnnContext,
  isOpenvino: boolean,
): DnnContext['backendType'] {
  if (openvino === true && !isOpenvino) {
    throw new DnnError(
      'EINVAL',
      `dnn_backend=openvino reads models of OpenVINO (.xml, with the .bin beside it), and '${model}' is none: write ` +
        'dnn_backend=native or dnn_backend=tensorflow',
      { option: 'dnn_backend', file: model },
    );
  }
  return backendGiven === false && isOpenvino ? 'native' : backendType;
}

/**
 * Loads a filter's model, looks up its names, and gives it frames in their own layout.
 *
 * @param path of the model, absolute.
 * @throws DnnError `ENOENT`, `EINVAL`, `ENOSYS` for a model, a name or a backend that is not there.
 */
export async function loadFilterGraph(
  context: DnnContext,
  functionType: DNNFunctionType,
  path: string,
  readFile: ReadFile,
): Promise<FilterGraph> {
  const inputResizable = context.inputResizable ?? false;
  const { format, graph: loaded } = await openModel(path, readFile, { inputResizable });
  const isOpenvino = format === 'openvino';
  const backendType = backendOf(context, isOpenvino);
  const input = resolveInputName(loaded, context.input);
  const outputs = context.outputs.map((name) => resolveOutputName(loaded, name));
  checkVariables(loaded, path, outputs);
  const shape = inputShape(loaded, input);
  const layout = context.layout ?? layoutOfInput(shape, isOpenvino);
  const pictures = functionType === 'process_frame';
  const fed = layout === 'nchw' ? feedChannelsLast(loaded, { input, outputs, pictures }) : loaded;
  const graph = inputResizable ? withOpenSize(fed, input) : fed;
  const isImage = shape?.length === 4;
  return {
    graph,
    input,
    outputs,
    isOpenvino,
    context: { ...context, backendType, ...(isImage ? { layout: 'nhwc' as const } : {}) },
  };
}
