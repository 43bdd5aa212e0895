/** The filter `derain`: removes rain or haze from RGB frames; mirrors libavfilter/vf_derain.c. */
import type { OptionTable } from '../base/option-table.ts';
import { createDnnContext, type DnnContext, type DnnEnvironment } from '../dnn/options/dnn-context.ts';
import { dnnBackendOption, dnnModelOption, dnnOptionsByName } from '../dnn/options/dnn-options.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import type { DerainContext } from './filter-context.ts';
import type { DnnFilter, ModelInput, ModelOutput, VideoLink } from './dnn-filter.ts';
import { parseOwnOptions } from './parse-own-options.ts';
import { checkModelInput, checkModelOutput, checkSameSize } from './model-checks.ts';
import { checkTimeline } from './timeline.ts';

const name = 'derain';

/** In the order of FFmpeg, whose `derain` has the first five only. */
const options = [
  {
    name: 'filter_type',
    type: 'int',
    default: 0,
    min: 0,
    max: 1,
    constants: [
      { name: 'derain', value: 0, help: 'derain filter flag' },
      { name: 'dehaze', value: 1, help: 'dehaze filter flag' },
    ],
    help: 'filter type (read and without effect, as in FFmpeg: the model decides)',
  },
  dnnBackendOption,
  dnnModelOption,
  { name: 'input', type: 'string', default: 'x', help: "name of the model's input" },
  { name: 'output', type: 'string', default: 'y', help: "name of the model's output" },
  ...dnnOptionsByName,
] as const satisfies OptionTable;

export const derain: DnnFilter<DerainContext> = {
  name,
  description: 'Apply derain filter to the input.',
  functionType: 'process_frame',
  options,
  pixelFormats: ['rgb24'],
  supportsTimeline: true,
  parse,
  configInput,
  configOutput,
};

function parse(node: FilterNode, environment: DnnEnvironment): DerainContext {
  const parsed = parseOwnOptions(options, node, environment.log, true);
  const { enable } = parsed;
  if (enable !== undefined) checkTimeline(name, enable, environment.log);
  return {
    ...createDnnContext(node.name, parsed, environment),
    ...(enable === undefined ? {} : { enable }),
  };
}

/** FFmpeg looks at neither: a model of one channel ends it with a segmentation fault. */
function configInput(context: DnnContext, input: VideoLink, model: ModelInput): void {
  checkModelInput({ filter: name, context, input }, model, 3, channelHint);
}

/** The link does not change: FFmpeg allocates frames of its size whatever the model gives. */
function configOutput(context: DnnContext, input: VideoLink, output: ModelOutput): VideoLink {
  const check = { filter: name, context, input };
  checkModelOutput(check, output, 3);
  checkSameSize(check, output, 'write format=rgb24,dnn_processing=… with this model instead');
  return input;
}

function channelHint(channels: number): string {
  const words = `${name} runs models with 3 channels, on RGB`;
  return channels === 1 ? `${words}; with this one write format=yuv420p,dnn_processing=… instead` : words;
}
