/** `.model` files written field by field, for tests. */

/** int32 as they are, floats as `{ f }`, text as its bytes; little-endian. */
export type Field = number | string | { readonly f: number };

export function nativeBytes(...fields: readonly Field[]): Uint8Array {
  const bytes: number[] = [];
  for (const field of fields) {
    if (typeof field === 'string') bytes.push(...new TextEncoder().encode(field));
    else if (typeof field === 'number') bytes.push(...new Uint8Array(Int32Array.of(field).buffer));
    else bytes.push(...new Uint8Array(Float32Array.of(field.f).buffer));
  }
  return Uint8Array.from(bytes);
}

/** An operand entry. @param role 1 input, 2 output, 3 both. */
export function operand(index: number, name: string, role: number, dims: readonly number[]): Field[] {
  return [index, name.length, name, role, 1, ...dims];
}

/** A whole file of version 1.23 of the given layers. */
export function nativeFile(
  layers: readonly (readonly Field[])[],
  operands: readonly (readonly Field[])[],
): Uint8Array {
  return nativeBytes(
    'FFMPEGDNNNATIVE',
    1,
    23,
    ...layers.flat(),
    ...operands.flat(),
    layers.length,
    operands.length,
  );
}

/** Layers between an input `x` of one channel and an output `y`, which are operands 0 and 1. */
export function between(...layers: readonly (readonly Field[])[]): Uint8Array {
  return nativeFile(layers, [operand(0, 'x', 1, [1, -1, -1, 1]), operand(1, 'y', 2, [-1, -1, -1, -1])]);
}

/** conv2d of one channel without bias and activation, from operand 0 to 1. */
export function conv(size: number, padding: number, weights: readonly number[], dilation = 1): Field[] {
  return [1, dilation, padding, 3, 1, 1, size, 0, ...weights.map((f) => ({ f })), 0, 1];
}
