/** Writes protobuf's wire format, as the model files need it. */

/** A message under construction. */
export class ProtobufMessage {
  /** @type {Uint8Array[]} */
  #parts = [];

  /** @param {number} field @param {number} value a whole number; negative ones are written as int64 */
  varint(field, value) {
    this.#parts.push(varint(field * 8), varint(value));
    return this;
  }

  /** @param {number} field @param {Uint8Array | string | ProtobufMessage} value */
  bytes(field, value) {
    const bytes =
      value instanceof ProtobufMessage
        ? value.toBytes()
        : typeof value === 'string'
          ? Buffer.from(value)
          : value;
    this.#parts.push(varint(field * 8 + 2), varint(bytes.length), bytes);
    return this;
  }

  /** @param {number} field @param {number} value of a field of type float */
  float(field, value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.#parts.push(varint(field * 8 + 5), bytes);
    return this;
  }

  toBytes() {
    return Buffer.concat(this.#parts);
  }
}

/** @param {number} value a whole number */
export function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
