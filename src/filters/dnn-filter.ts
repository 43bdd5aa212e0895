/**
 * What every DNN filter is to the rest of the program: a constant record; mirrors
 * AVFilter of libavfilter/avfilter.h.
 */
import type { OptionTable } from '../base/option-table.ts';
import type { DnnContext, DnnEnvironment } from '../dnn/options/dnn-context.ts';
import type { DNNFunctionType } from '../dnn/contract/interface.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import type { PixelFormat } from '../frame/pixel-format.ts';
import type { DataType } from '../graph/graph.ts';
import type { FilterContext } from './filter-context.ts';

/** The frames of a link (AVFilterLink): luma size in pixels. */
export interface VideoLink {
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
}

/**
 * The model's input as DNNModel.get_input tells it:
 * `[n, height, width, channels]`, -1 where the model takes any.
 */
export interface ModelInput {
  readonly dims: readonly [n: number, height: number, width: number, channels: number];
  readonly dtype: DataType;
}

/** The model's output for the link's frame size, as DNNModel.get_output tells it. */
export interface ModelOutput {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** One DNN filter. `Context` is what its `parse` gives, and what its other functions are given. */
export interface DnnFilter<Context extends DnnContext = FilterContext> {
  readonly name: string;
  readonly description: string;
  readonly functionType: DNNFunctionType;
  readonly options: OptionTable;
  /** The formats that the filter takes; ffmpeg converts anything else before it. */
  readonly pixelFormats: readonly PixelFormat[];
  /**
   * Whether it has `enable` (AVFILTER_FLAG_SUPPORT_TIMELINE_GENERIC): frames where it is off pass untouched.
   */
  readonly supportsTimeline?: boolean;
  /** Reads the filter's options. @throws DnnError with the position in the filter string */
  parse(node: FilterNode, environment: DnnEnvironment): Context;
  /** Refuses frames that the model cannot take. @throws DnnError `EIO` */
  configInput(context: Context, input: VideoLink, model: ModelInput): void;
  /**
   * The frames that the model runs on, where the filter enlarges its own before: bicubic, all planes.
   * Undefined, or left out, where the model gets the frame as it is.
   *
   * @param output what the model makes of frames of the input's size
   * @throws DnnError `EIO` where the model cannot take the enlarged frames
   */
  enlargedInput?(
    context: Context,
    input: VideoLink,
    model: ModelInput,
    output: ModelOutput,
  ): VideoLink | undefined;
  /** The link behind the filter, `input` being the frames that the model runs on. @throws DnnError `EIO` */
  configOutput(context: Context, input: VideoLink, output: ModelOutput): VideoLink;
}
