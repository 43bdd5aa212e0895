/**
 * The quantiser's arithmetic in floats: whole numbers are exact to 2^24, and results are rounded halves to
 * even before the zero point is added, as ONNX Runtime does.
 */
import type { DataType, Tensor } from '../../graph/graph.ts';
import { tensorOf, type ShortAttrs } from '../../graph/node-builder.ts';

/** What adds nodes to a Graph that grows. */
export interface NodeAdder {
  /** @returns the node's name. */
  add(op: string, inputs: readonly string[], attrs?: ShortAttrs): string;
  addTensor(tensor: Tensor): string;
}

/** The least and the largest code. */
export type CodeRange = readonly [low: number, high: number];

/** The codes of each type that quantised values have. */
export const codeRanges: Partial<Record<DataType, CodeRange>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
};

/**
 * The codes of values that are divided by their scale: rounded, shifted by the zero point (a float, where
 * there is one), held to the ends of the type.
 */
export function roundToCodes(
  nodes: NodeAdder,
  value: string,
  zero: string | undefined,
  [low, high]: CodeRange,
): string {
  const rounded = nodes.add('Round', [value]);
  const shifted = zero === undefined ? rounded : nodes.add('AddV2', [rounded, zero]);
  const bounds = [low, high].map((bound) => nodes.addTensor(tensorOf('float32', bound)));
  return nodes.add('ClipByValue', [shifted, ...bounds]);
}

/**
 * The values that are left of floats which were stored with one scale: whole multiples of it.
 *
 * @param zero the code of 0.
 */
export function roundToSteps(
  nodes: NodeAdder,
  value: string,
  scale: number,
  zero: number,
  [low, high]: CodeRange,
): string {
  const step = nodes.addTensor(tensorOf('float32', scale));
  // Codes less the zero point, so that it need not be added and taken away again.
  const codes = roundToCodes(nodes, nodes.add('RealDiv', [value, step]), undefined, [
    low - zero,
    high - zero,
  ]);
  return nodes.add('Mul', [codes, step]);
}

/**
 * The floats of a constant: weights that are made so take part in all passes.
 *
 * @param scales one, or one an entry of the axis; as many zero points, or none.
 */
export function dequantisedTensor(
  codes: Tensor,
  scales: ArrayLike<number>,
  zeros: ArrayLike<number> | undefined,
  axis: number,
): Tensor {
  const inner = codes.shape.slice(axis + 1).reduce((all, size) => all * size, 1);
  const count = scales.length;
  const data = new Float32Array(codes.data.length);
  for (let at = 0; at < data.length; at++) {
    const entry = count === 1 ? 0 : Math.floor(at / inner) % count;
    data[at] = (Number(codes.data[at]) - (zeros?.[entry] ?? 0)) * scales[entry]!;
  }
  return { dtype: 'float32', shape: codes.shape, data };
}
