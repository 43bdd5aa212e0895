/** Writes ONNX models (onnx/onnx.proto): what the peers of the native backend read. */
import { Buffer } from 'node:buffer';
import { ProtobufMessage } from '../scripts/protobuf-message.mjs';

/**
 * One AttributeProto: exactly one of the fields.
 *
 * @typedef {{ f?: number, i?: number, s?: string, ints?: readonly number[] }} OnnxAttribute
 */

/**
 * @typedef {{ readonly shape: readonly number[], readonly values: Float32Array | BigInt64Array }} OnnxTensor
 */

/** Version of the operators, of 2021: every op written here has its present meaning since then. */
const operatorSet = 17;
const irVersion = 8;

/** Of TensorProto.DataType. */
const floatType = 1;
const int64Type = 7;

/** A model under construction: nodes are added producers first. */
export class OnnxWriter {
  #nodes = new ProtobufMessage();
  #initializers = new ProtobufMessage();
  #ends = new ProtobufMessage();
  /** @type {Set<string>} */
  #names = new Set();

  /**
   * Adds an input of floats.
   *
   * @param {string} name
   * @param {readonly number[]} shape
   */
  input(name, shape) {
    this.#ends.bytes(11, valueInfo(name, shape));
    return this.#define(name);
  }

  /**
   * Adds a constant.
   *
   * @param {string} name
   * @param {OnnxTensor} tensor
   */
  initializer(name, { shape, values }) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== values.length)
      throw new Error(`tensor '${name}' of [${shape.join()}] has ${values.length} values`);
    const message = new ProtobufMessage();
    for (const size of shape) message.varint(1, size);
    const isFloat = values instanceof Float32Array;
    const raw = Buffer.alloc(values.byteLength);
    // raw_data is little-endian, whatever the machine is.
    if (isFloat) values.forEach((value, index) => raw.writeFloatLE(value, 4 * index));
    else values.forEach((value, index) => raw.writeBigInt64LE(value, 8 * index));
    message
      .varint(2, isFloat ? floatType : int64Type)
      .bytes(8, name)
      .bytes(9, raw);
    this.#initializers.bytes(5, message);
    return this.#define(name);
  }

  /**
   * Adds an op with one output and returns its name, to be used as an input of later nodes.
   *
   * @param {string} name of the node and of its output
   * @param {string} op
   * @param {readonly string[]} inputs defined before; an empty one leaves out an optional input
   * @param {Readonly<Record<string, OnnxAttribute>>} [attributes]
   */
  node(name, op, inputs, attributes = {}) {
    const message = new ProtobufMessage();
    for (const input of inputs) {
      if (input !== '' && !this.#names.has(input))
        throw new Error(`node '${name}' takes '${input}', which is not written yet`);
      message.bytes(1, input);
    }
    message.bytes(2, name).bytes(3, name).bytes(4, op);
    for (const [key, value] of Object.entries(attributes)) message.bytes(5, attributeProto(key, value));
    this.#nodes.bytes(1, message);
    return this.#define(name);
  }

  /**
   * Says that the result of a node is an output of floats.
   *
   * @param {string} name
   * @param {readonly (number | string)[]} shape
   */
  output(name, shape) {
    if (!this.#names.has(name)) throw new Error(`output '${name}' is not written yet`);
    this.#ends.bytes(12, valueInfo(name, shape));
  }

  /** The file's bytes. */
  toBytes() {
    const graph = Buffer.concat([
      this.#nodes.toBytes(),
      new ProtobufMessage().bytes(2, 'graph').toBytes(),
      this.#initializers.toBytes(),
      this.#ends.toBytes(),
    ]);
    const operators = new ProtobufMessage().bytes(1, '').varint(2, operatorSet);
    return new ProtobufMessage().varint(1, irVersion).bytes(7, graph).bytes(8, operators).toBytes();
  }

  /** @param {string} name */
  #define(name) {
    if (this.#names.has(name)) throw new Error(`two values have the name '${name}'`);
    this.#names.add(name);
    return name;
  }
}

/**
 * @param {string} name
 * @param {OnnxAttribute} attribute
 */
function attributeProto(name, { f, i, s, ints }) {
  const message = new ProtobufMessage().bytes(1, name);
  // The number of the type is that of AttributeProto.AttributeType.
  if (f !== undefined) message.float(2, f).varint(20, 1);
  if (i !== undefined) message.varint(3, i).varint(20, 2);
  if (s !== undefined) message.bytes(4, s).varint(20, 3);
  for (const value of ints ?? []) message.varint(8, value);
  if (ints !== undefined) message.varint(20, 7);
  return message;
}

/**
 * @param {string} name
 * @param {readonly (number | string)[]} shape a name where the size is not said
 */
function valueInfo(name, shape) {
  const dims = new ProtobufMessage();
  for (const size of shape) {
    const dim = new ProtobufMessage();
    dims.bytes(1, typeof size === 'number' ? dim.varint(1, size) : dim.bytes(2, size));
  }
  const tensor = new ProtobufMessage().varint(1, floatType).bytes(2, dims);
  return new ProtobufMessage().bytes(1, name).bytes(2, new ProtobufMessage().bytes(1, tensor));
}
