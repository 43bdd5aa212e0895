/**
 * The filter `dnn_processing`: a frame in, a frame out; mirrors libavfilter/vf_dnn_processing.c, and
 * takes formats of more than 8 bits too, which come out with the depth that they had.
 */
import type { OptionAssignment } from '../base/option-table.ts';
import { sourceError } from '../base/source-text.ts';
import { createDnnContext, type DnnContext, type DnnEnvironment } from '../dnn/options/dnn-context.ts';
import { dnnOptions } from '../dnn/options/dnn-options.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import { framePixelFormats, modelChannels } from '../frame/pixel-format.ts';
import type { DnnFilter, ModelInput, ModelOutput, VideoLink } from './dnn-filter.ts';
import { parseOwnOptions } from './parse-own-options.ts';
import { checkModelInput, checkModelOutput } from './model-checks.ts';

const name = 'dnn_processing';

export const dnnProcessing: DnnFilter<DnnContext> = {
  name,
  description: 'Apply DNN processing filter to the input.',
  functionType: 'process_frame',
  options: dnnOptions,
  pixelFormats: framePixelFormats,
  parse,
  configInput,
  configOutput,
};

function parse(node: FilterNode, environment: DnnEnvironment): DnnContext {
  const options = parseOwnOptions(dnnOptions, node, environment.log);
  const context = createDnnContext(node.name, options, environment);
  checkScale(node, context, options.given);
  return context;
}

/** Frames are given as 0 … 1, as where the divisor is 255 (dnn_io_proc.c · ff_proc_from_frame_to_dnn). */
function checkScale(
  node: FilterNode,
  { scale = 0, mean = 0 }: DnnContext,
  given: ReadonlyMap<string, OptionAssignment>,
): void {
  if ((scale === 0 || scale === 255) && mean === 0) return;
  const option = mean === 0 ? 'scale' : 'mean';
  const place = given.get(option)?.value ?? given.get('backend_configs')?.value ?? node.name;
  throw sourceError(
    'ENOSYS',
    `${name} doesn't support scale=${scale} with mean=${mean}, it gives pixels as 0 to 1: write scale=255 (or 0) and mean=0, and put both into the network`,
    place,
    0,
    { filter: name, option },
  );
}

/** check_modelinput_inlink: the same refusals in the same order; 8-bit gray is taken, as since FFmpeg 6.0. */
function configInput(context: DnnContext, input: VideoLink, model: ModelInput): void {
  checkModelInput({ filter: name, context, input }, model, modelChannels(input.format), formatHint);
}

/** The output link takes the size of the model's result; time base, frame rate and SAR stay the input's. */
function configOutput(context: DnnContext, input: VideoLink, output: ModelOutput): VideoLink {
  checkModelOutput({ filter: name, context, input }, output, modelChannels(input.format));
  return { format: input.format, width: output.width, height: output.height };
}

/** The filter to put before dnn_processing so that the model gets as many channels as it has. */
function formatHint(channels: number): string {
  if (channels === 3) return 'put format=rgb24 before the filter';
  if (channels === 1) return 'put format=yuv420p before the filter (or format=gray, without colour)';
  return `${name} runs models with 1 channel (luma) or 3 (RGB)`;
}
