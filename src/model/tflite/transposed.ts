/** A constant with its dimensions in another order. */
import type { Tensor } from '../../graph/graph.ts';

/** @param order which dimension of the given tensor each of the result is. @returns a float32 copy. */
export function transposed({ shape, data }: Tensor, order: readonly number[]): Tensor {
  const sizes = order.map((axis) => shape[axis]!);
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((all, size) => all * size, 1));
  const strides = order.map((axis) => steps[axis]!);
  const values = new Float32Array(data.length);
  const position = sizes.map(() => 0);
  let from = 0;
  for (let at = 0; at < values.length; at++) {
    values[at] = Number(data[from]);
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++position[axis]! < sizes[axis]!) break;
      from -= strides[axis]! * sizes[axis]!;
      position[axis] = 0;
    }
  }
  return { dtype: 'float32', shape: sizes, data: values };
}
