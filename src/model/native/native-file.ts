/** Bytes of a `.model` file, field by field. */
import { nativeMagic } from './native-model.ts';

/** One operand of a file that is written. */
export interface OperandEntry {
  readonly name: string;
  /** 1 input, 2 output, 3 both. */
  readonly role: number;
  readonly dims: readonly number[];
}

/** An int32, floats, or the index of an operand by its name. */
export type LayerField = number | Float32Array | { readonly operand: string };

/** The version that FFmpeg's last converter wrote. */
const version = [1, 23] as const;

/**
 * Writes layers and operands. Every operand that a field names must be in the table.
 *
 * @param layers fields of each layer in file order, the type first.
 */
export function nativeFileBytes(
  layers: readonly (readonly LayerField[])[],
  operands: readonly OperandEntry[],
): Uint8Array {
  const utf8 = new TextEncoder();
  const index = new Map(operands.map(({ name }, index) => [name, index]));
  const parts: Uint8Array[] = [];
  const ints = (...values: readonly number[]): void => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    for (const [index, value] of values.entries()) view.setInt32(4 * index, value, true);
    parts.push(new Uint8Array(view.buffer));
  };
  const floats = (values: Float32Array): void => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
    parts.push(new Uint8Array(view.buffer));
  };
  parts.push(utf8.encode(nativeMagic));
  ints(...version);
  for (const field of layers.flat()) {
    if (typeof field === 'number') ints(field);
    else if (field instanceof Float32Array) floats(field);
    else ints(index.get(field.operand)!);
  }
  for (const [index, { name, role, dims }] of operands.entries()) {
    const bytes = utf8.encode(name);
    ints(index, bytes.length);
    parts.push(bytes);
    ints(role, 1, ...dims);
  }
  ints(layers.length, operands.length);
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.length;
  }
  return file;
}
