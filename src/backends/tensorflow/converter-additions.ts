/** Ops that tfjs-converter does not know, or mixes up with others. */
import { div, engine, type Tensor } from '@tensorflow/tfjs-core';
import { registerOp } from '@tensorflow/tfjs-converter';
import { narrowCast } from './kernels/cast-kernel.ts';

/** Ops of this project that a Graph does not have: jsonNode writes them. */
export const addedOps: ReadonlySet<string> = new Set(['TruncateMod', 'TruncateDiv', narrowCast]);

/**
 * Teaches the converter, once a thread. TensorFlow's Mod is C's `%`, and its Div of integers C's `/`; the
 * converter runs FloorMod's and FloorDiv's kernel for them.
 */
export function addConverterOps(): void {
  const binary = (kernel: string) => {
    return ({ inputs: [a, b] }: { inputs: Tensor[] }): Tensor => engine().runKernel(kernel, { a: a!, b: b! });
  };
  registerOp('Mod', binary('TruncateMod'));
  registerOp('TruncateMod', binary('TruncateMod'));
  registerOp('TruncateDiv', binary('TruncateDiv'));
  registerOp('Div', (node) => {
    const [a, b] = node.inputs;
    return a!.dtype === 'int32' && b!.dtype === 'int32' ? binary('TruncateDiv')(node) : div(a!, b!);
  });
  registerOp(narrowCast, ({ inputs: [x], attrs: { bits, signed } }) =>
    engine().runKernel(narrowCast, { x: x! }, { bits: Number(bits), signed: Boolean(signed) }),
  );
}
