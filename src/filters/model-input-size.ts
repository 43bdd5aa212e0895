/**
 * What frames become for a model that detects or classifies: the size of its input, and
 * refusal of what it cannot take.
 */
import { DnnError } from '../base/errors.ts';
import type { DnnContext } from '../dnn/options/dnn-context.ts';
import type { ModelInput, VideoLink } from './dnn-filter.ts';

/** The pixels that the model's input takes, and whether its channels stand before them. */
export interface ModelInputSize {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly layout: 'nchw' | 'nhwc';
}

/**
 * The size that frames are scaled to (vf_dnn_detect.c · config_input): the model's, and the frame's where the
 * model takes any. The layout is the option's. Without it channels are looked for behind height and width,
 * where TensorFlow has them, and then before, where most models of OpenVINO have them.
 *
 * @throws DnnError `EIO` for an input that is not of 1 or 3 channels, or of a type that no pixel has.
 */
export function modelInputSize(
  filter: string,
  { model, layout }: Pick<DnnContext, 'model' | 'layout'>,
  link: VideoLink,
  { dims, dtype }: ModelInput,
): ModelInputSize {
  const details = { filter, model, frame: `${link.width}x${link.height} ${link.format}` };
  if (dtype !== 'float32' && dtype !== 'uint8' && dtype !== 'int32') {
    throw new DnnError(
      'EIO',
      `${filter}: the input of the model ${model} is of type ${dtype}: use a model whose input is float32, uint8 or int32`,
      details,
    );
  }
  const found = layout ?? (isChannels(dims[3]) || !isChannels(dims[1]) ? 'nhwc' : 'nchw');
  const [height, width, channels] =
    found === 'nhwc' ? [dims[1], dims[2], dims[3]] : [dims[2], dims[3], dims[1]];
  if (!isChannels(channels)) {
    throw new DnnError(
      'EIO',
      `${filter}: the input of the model ${model} is [${dims.join(', ')}], of ${channels === -1 ? 'unknown' : channels} channels as ${found}: ` +
        'it needs 3 (RGB) or 1 (gray); write layout=nchw or layout=nhwc where the model has them elsewhere',
      details,
    );
  }
  return {
    width: width > 0 ? width : link.width,
    height: height > 0 ? height : link.height,
    channels,
    layout: found,
  };
}

function isChannels(value: number): value is 1 | 3 {
  return value === 1 || value === 3;
}
