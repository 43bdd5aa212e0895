/** OpenVINO's element types (openvino/core/type/element_type.hpp) as this project's. */
import type { DataType } from '../../graph/graph.ts';

/** As the attribute `element_type` spells them. */
const types: Readonly<Record<string, DataType>> = {
  f64: 'float64',
  f32: 'float32',
  f16: 'float16',
  i64: 'int64',
  i32: 'int32',
  i16: 'int16',
  i8: 'int8',
  u16: 'uint16',
  u8: 'uint8',
  boolean: 'bool',
};

/** Undefined for what has no type here: bf16, 4-bit and 1-bit numbers, u32, u64, strings. */
export function elementType(name: string): DataType | undefined {
  return Object.hasOwn(types, name) ? types[name] : undefined;
}

/** As the attribute `precision` of a port spells them; float32 where it says nothing. */
export function precisionType(precision: string): DataType {
  const name = precision
    .toLowerCase()
    .replace(/^fp/, 'f')
    .replace(/^bool$/, 'boolean');
  return elementType(name) ?? 'float32';
}
