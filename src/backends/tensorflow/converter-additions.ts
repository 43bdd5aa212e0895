/** Ops that tfjs-converter does not know, or mixes up with others. */
import { div, engine, greater, type Tensor, where } from '@tensorflow/tfjs-core';
import { registerOp } from '@tensorflow/tfjs-converter';
import { narrowCast } from './kernels/cast-kernel.ts';

/** Ops that no list of the converter has; those of this project too. */
export const addedOps: ReadonlySet<string> = new Set([
  ...['TruncateMod', 'TruncateDiv', 'FFmpegMaximum', 'FFmpegMinimum'],
  narrowCast,
]);

type Executor = (node: { readonly inputs: Tensor[] }) => Tensor;

function binary(kernel: string): Executor {
  return ({ inputs: [a, b] }) => engine().runKernel(kernel, { a: a!, b: b! });
}

/**
 * Teaches the converter, once a thread. TensorFlow's Mod is C's `%`, and its Div of integers C's `/`; the
 * converter runs FloorMod's and FloorDiv's kernel for them. Of BitwiseAnd, EnsureShape and Print it looks for
 * inputs and attributes that those do not have.
 */
export function addConverterOps(): void {
  registerOp('Mod', binary('TruncateMod'));
  registerOp('TruncateMod', binary('TruncateMod'));
  registerOp('TruncateDiv', binary('TruncateDiv'));
  registerOp('Div', (node) => {
    const [a, b] = node.inputs;
    return a!.dtype === 'int32' && b!.dtype === 'int32' ? binary('TruncateDiv')(node) : div(a!, b!);
  });
  registerOp('FFmpegMaximum', ({ inputs: [a, b] }) => where(greater(a!, b!), a!, b!));
  registerOp('FFmpegMinimum', ({ inputs: [a, b] }) => where(greater(a!, b!), b!, a!));
  registerOp('BitwiseAnd', binary('BitwiseAnd'));
  registerOp('Print', ({ inputs: [x] }) => x!.clone());
  registerOp('EnsureShape', ({ inputs: [x], attrs: { shape } }) => {
    checkShape(x!.shape, shape);
    return x!.clone();
  });
  registerOp(narrowCast, ({ inputs: [x], attrs: { bits, signed } }) =>
    engine().runKernel(narrowCast, { x: x! }, { bits: Number(bits), signed: Boolean(signed) }),
  );
}

/** @param given sizes, -1 where any will do; not an array where any rank will. */
function checkShape(shape: readonly number[], given: unknown): void {
  if (!Array.isArray(given)) return;
  const wanted = given.map(Number);
  const fits =
    shape.length === wanted.length && shape.every((size, axis) => [size, -1].includes(wanted[axis]!));
  if (!fits) throw new Error(`EnsureShape: [${shape.join(', ')}] is not [${wanted.join(', ')}]`);
}
