/** Two tensors of different shapes side by side, as NumPy and TensorFlow broadcast them. */

/** One axis of the output, or several that both operands walk through in the same way. */
interface Axis {
  readonly size: number;
  readonly aStride: number;
  readonly bStride: number;
}

/** The way through an output in runs, each as long as both operands allow. */
export class BroadcastWalk {
  /** Values of one run. */
  readonly count: number;
  /** From one value of a run to the next: 1, or 0 where one value of the operand serves the whole run. */
  readonly aStep: number;
  readonly bStep: number;
  readonly #outer: readonly Axis[];

  /** @param shape the broadcast shape of both operands (backend_util.assertAndGetBroadcastShape). */
  constructor(shape: readonly number[], aShape: readonly number[], bShape: readonly number[]) {
    const axes = joinedAxes(shape, aShape, bShape);
    const inner = axes.at(-1) ?? { size: 1, aStride: 0, bStride: 0 };
    this.count = inner.size;
    this.aStep = inner.aStride;
    this.bStep = inner.bStride;
    this.#outer = axes.slice(0, -1);
  }

  /** Calls `visit` for each run, in order, with the indices of its first values in output and operands. */
  forEachRun(visit: (start: number, aStart: number, bStart: number) => void): void {
    const outer = this.#outer;
    const runs = outer.reduce((product, { size }) => product * size, 1);
    const position = outer.map(() => 0);
    for (let run = 0, aStart = 0, bStart = 0; run < runs; run++) {
      visit(run * this.count, aStart, bStart);
      for (let axis = outer.length - 1; axis >= 0; axis--) {
        const { size, aStride, bStride } = outer[axis]!;
        position[axis]!++;
        aStart += aStride;
        bStart += bStride;
        if (position[axis]! < size) break;
        position[axis] = 0;
        aStart -= size * aStride;
        bStart -= size * bStride;
      }
    }
  }
}

/** The axes of the output, outer ones first, without those of size 1. */
function joinedAxes(
  shape: readonly number[],
  aShape: readonly number[],
  bShape: readonly number[],
): readonly Axis[] {
  const aStrides = strides(shape, aShape);
  const bStrides = strides(shape, bShape);
  const axes: Axis[] = [];
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const [aStride, bStride] = [aStrides[axis]!, bStrides[axis]!];
    const outer = axes.at(-1);
    if (outer?.aStride === aStride * size && outer.bStride === bStride * size) {
      axes[axes.length - 1] = { size: outer.size * size, aStride, bStride };
    } else axes.push({ size, aStride, bStride });
  }
  return axes;
}

/** Values of the operand from one position to the next along each axis of the output; 0 where it repeats. */
function strides(shape: readonly number[], own: readonly number[]): readonly number[] {
  const missing = shape.length - own.length;
  const result = shape.map(() => 0);
  for (let axis = shape.length - 1, stride = 1; axis >= missing; axis--) {
    const size = own[axis - missing]!;
    if (size !== 1) result[axis] = stride;
    stride *= size;
  }
  return result;
}
