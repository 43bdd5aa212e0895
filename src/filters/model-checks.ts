/**
 * What the filters refuse of models before frames flow; mirrors
 * vf_dnn_processing.c · check_modelinput_inlink.
 */
import { DnnError, type DnnErrorDetails } from '../base/errors.ts';
import type { DnnContext } from '../dnn/options/dnn-context.ts';
import type { ModelInput, ModelOutput, VideoLink } from './dnn-filter.ts';

/** Filter and model in question, with the frames that it is to take. */
export interface ModelCheck {
  readonly filter: string;
  readonly context: Pick<DnnContext, 'model'>;
  readonly input: VideoLink;
}

function failed({ filter, context, input }: ModelCheck, message: string): DnnError {
  const details: DnnErrorDetails = { filter, model: context.model, frame: linkText(input) };
  return new DnnError('EIO', `${filter}: ${message}`, details);
}

/**
 * Height, width, type and channels of the model's input, in this order.
 *
 * @param sizeHint what to do about another size; the default is to put `scale` before the filter
 * @param channelHint what to do about so many channels
 * @throws DnnError `EIO`
 */
export function checkModelInput(
  check: ModelCheck,
  { dims: [, height, width, channels], dtype }: ModelInput,
  needed: number,
  channelHint: (channels: number) => string,
  sizeHint = scaleHint,
): void {
  const { input, context } = check;
  const { model } = context;
  if ((height !== -1 && height !== input.height) || (width !== -1 && width !== input.width)) {
    const side = height !== -1 && height !== input.height ? 'height' : 'width';
    const wanted = side === 'height' ? height : width;
    const hint = sizeHint(width === -1 ? input.width : width, height === -1 ? input.height : height);
    throw failed(
      check,
      `the model ${model} takes frames of ${side} ${wanted} only, the frame has ${input[side]} (${linkText(input)}): ${hint}`,
    );
  }
  if (dtype !== 'float32') {
    throw failed(
      check,
      `the input of the model ${model} is of type ${dtype}, frames are given as float32: use a model with a float32 input`,
    );
  }
  if (channels !== needed) {
    throw failed(
      check,
      `the input of the model ${model} has ${channelsText(channels)}, a frame of ${input.format} needs ${needed}: ${channelHint(channels)}`,
    );
  }
}

/**
 * A result that is a picture of as many channels as the frame has.
 *
 * @throws DnnError `EIO`
 */
export function checkModelOutput(
  check: ModelCheck,
  { width, height, channels }: ModelOutput,
  needed: number,
): void {
  const { input, context } = check;
  const { model } = context;
  if (!isSize(width) || !isSize(height)) {
    throw failed(
      check,
      `the model ${model} makes ${width}x${height} of a ${input.width}x${input.height} frame: it needs larger frames, put scale=W:H before the filter`,
    );
  }
  if (channels !== needed) {
    throw failed(
      check,
      `the output of the model ${model} has ${channelsText(channels)}, a frame of ${input.format} needs ${needed}: use a model with as many output as input channels`,
    );
  }
}

/**
 * A result of the frame's size, for filters that do not change it.
 *
 * @param hint what to do about another size
 * @throws DnnError `EIO`
 */
export function checkSameSize(check: ModelCheck, { width, height }: ModelOutput, hint: string): void {
  const { input, context } = check;
  if (width === input.width && height === input.height) return;
  throw failed(
    check,
    `the model ${context.model} makes ${width}x${height} of a ${input.width}x${input.height} frame, which has to keep its size: ${hint}`,
  );
}

function scaleHint(width: number, height: number): string {
  return `put scale=${width}:${height} before the filter`;
}

function isSize(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

function linkText({ width, height, format }: VideoLink): string {
  return `${width}x${height} ${format}`;
}

function channelsText(channels: number): string {
  if (channels === -1) return 'an unknown number of channels';
  return channels === 1 ? '1 channel' : `${channels} channels`;
}
