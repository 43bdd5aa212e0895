/** The filter `sr`: super resolution of the luma; mirrors libavfilter/vf_sr.c. */
import type { OptionTable } from '../base/option-table.ts';
import { createDnnContext, type DnnContext, type DnnEnvironment } from '../dnn/options/dnn-context.ts';
import { dnnBackendOption, dnnModelOption, dnnOptionsByName } from '../dnn/options/dnn-options.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import type { SrContext } from './filter-context.ts';
import type { DnnFilter, ModelInput, ModelOutput, VideoLink } from './dnn-filter.ts';
import { checkModelInput, checkModelOutput } from './model-checks.ts';
import { parseOwnOptions } from './parse-own-options.ts';

const name = 'sr';

/** In the order of FFmpeg, whose `sr` has the first five only. */
const options = [
  dnnBackendOption,
  {
    name: 'scale_factor',
    type: 'int',
    default: 2,
    min: 2,
    max: 4,
    help: 'scale factor for models that keep the size of their input, such as SRCNN',
  },
  dnnModelOption,
  { name: 'input', type: 'string', default: 'x', help: "name of the model's input" },
  { name: 'output', type: 'string', default: 'y', help: "name of the model's output" },
  ...dnnOptionsByName,
] as const satisfies OptionTable;

export const sr: DnnFilter<SrContext> = {
  name,
  description: 'Apply DNN-based image super resolution to the input.',
  functionType: 'process_frame',
  options,
  pixelFormats: ['yuv420p', 'yuv422p', 'yuv444p', 'yuv410p', 'yuv411p', 'gray'],
  parse,
  configInput,
  enlargedInput,
  configOutput,
};

function parse(node: FilterNode, environment: DnnEnvironment): SrContext {
  const parsed = parseOwnOptions(options, node, environment.log);
  return {
    ...createDnnContext(node.name, parsed, environment),
    scaleFactor: parsed.values.scale_factor,
  };
}

/** FFmpeg looks at neither channels nor size. */
function configInput(context: DnnContext, input: VideoLink, model: ModelInput): void {
  checkModelInput({ filter: name, context, input }, model, 1, channelHint);
}

/**
 * A model that keeps the size of its input (SRCNN) is given the frame enlarged, one that
 * changes it (ESPCN) the frame as it is. In FFmpeg 5.1 the former gives no frames at all,
 * since it frees what it is about to pass on.
 */
function enlargedInput(
  context: SrContext,
  input: VideoLink,
  model: ModelInput,
  output: ModelOutput,
): VideoLink | undefined {
  if (output.width !== input.width || output.height !== input.height) return undefined;
  const factor = context.scaleFactor;
  const enlarged = { ...input, width: factor * input.width, height: factor * input.height };
  checkModelInput(
    { filter: name, context, input: enlarged },
    model,
    1,
    channelHint,
    (width, height) =>
      `sr enlarges the frame ${factor} times before a model that keeps its size; with this one write scale=${width}:${height}:flags=bicubic,dnn_processing=… instead`,
  );
  return enlarged;
}

function configOutput(context: DnnContext, input: VideoLink, output: ModelOutput): VideoLink {
  checkModelOutput({ filter: name, context, input }, output, 1);
  return { format: input.format, width: output.width, height: output.height };
}

function channelHint(channels: number): string {
  const words = `${name} runs models with 1 channel, on luma`;
  return channels === 3 ? `${words}; with this one write format=rgb24,dnn_processing=… instead` : words;
}
