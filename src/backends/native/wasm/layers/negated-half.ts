/** Recognises convolutions that a converter has doubled: Relu of the sums and of their negatives. */
import type { Epilogue } from '../../lowering/layer-spec.ts';
import type { Weights } from './conv2d-geometry.ts';

/** The half that is computed. */
export interface NegatedHalf {
  readonly weights: Weights;
  readonly epilogue: Epilogue;
}

/**
 * The first half of the output channels with the activation `both-signs`, where a Relu follows and the
 * second half has the same weights and biases with the opposite sign; undefined otherwise. Negating a
 * sum changes no other bit of it.
 */
export function negatedHalf({ shape, data }: Weights, epilogue: Epilogue): NegatedHalf | undefined {
  const [rows, columns, inputs, outputs] = shape;
  const half = outputs / 2;
  if (epilogue.activation.kind !== 'relu' || epilogue.residual !== undefined) return undefined;
  if (!Number.isInteger(half) || half === 0) return undefined;
  const { bias } = epilogue;
  if (bias?.subarray(0, half).some((value, index) => value !== -bias[half + index]!) === true)
    return undefined;
  const weights = new Float32Array(data.length / 2);
  for (let at = 0; at < weights.length; at++) {
    const from = Math.floor(at / half) * outputs + (at % half);
    if (data[from] !== -data[from + half]!) return undefined;
    weights[at] = data[from]!;
  }
  return {
    weights: { shape: [rows, columns, inputs, half], data: weights },
    epilogue: { ...epilogue, bias: bias?.subarray(0, half), activation: { kind: 'both-signs' } },
  };
}
