/** An epilogue's activation as the kernels take it: a mode of wasm/assembly/activation.ts and its numbers. */
import type { Activation } from '../../lowering/layer-spec.ts';
import type { LayerContext } from '../layer.ts';

/**
 * `slopes`: byte address of a float a channel, with zeros up to a multiple of 8; 0 where the mode has none.
 */
export interface ActivationSetting {
  readonly mode: number;
  readonly low: number;
  readonly high: number;
  readonly slopes: number;
}

const modes = {
  none: 0,
  clip: 1,
  slope: 2,
  tanh: 3,
  sigmoid: 4,
  elu: 5,
  softplus: 6,
  hardswish: 7,
  'both-signs': 8,
  silu: 9,
  gelu: 10,
  mish: 11,
} as const;

/** Zeros behind the values, up to a multiple of 8. */
export function paddedToEight(values: Float32Array): Float32Array {
  const padded = new Float32Array(Math.ceil(values.length / 8) * 8);
  padded.set(values);
  return padded;
}

/** The setting of one group of channels, from `first` on. */
export function groupActivation(
  activation: Activation,
  first: number,
  channels: number,
  context: LayerContext,
): ActivationSetting {
  const own =
    activation.kind === 'prelu'
      ? { ...activation, slopes: activation.slopes.subarray(first, first + channels) }
      : activation;
  return activationSetting(own, channels, context);
}

/** Uploads the slopes, where there are any. */
export function activationSetting(
  activation: Activation,
  channels: number,
  context: LayerContext,
): ActivationSetting {
  const setting = { mode: 0, low: 0, high: 0, slopes: 0 };
  const slopes = (values: Float32Array): ActivationSetting => ({
    ...setting,
    mode: modes.slope,
    slopes: context.upload(paddedToEight(values)),
  });
  switch (activation.kind) {
    case 'relu':
      return { ...setting, mode: modes.clip, high: Infinity };
    case 'relu6':
      return { ...setting, mode: modes.clip, high: 6 };
    case 'clip':
      return { ...setting, mode: modes.clip, low: activation.min, high: activation.max };
    case 'leaky':
      return slopes(new Float32Array(channels).fill(activation.alpha));
    case 'prelu':
      return slopes(activation.slopes);
    default:
      return { ...setting, mode: modes[activation.kind] };
  }
}
