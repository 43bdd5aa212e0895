/**
 * Writes frozen TensorFlow graphs: binary GraphDef (tensorflow/core/framework/graph.proto), as TensorFlow's
 * own importer and FFmpeg's `dnn_backend=tensorflow` read it. The reading side is src/model/graphdef.
 */

import { ProtobufMessage, varint } from './protobuf-message.mjs';

/**
 * One AttrValue (attr_value.proto): exactly one of the fields.
 *
 * @typedef {{ s?: string, i?: number, f?: number, b?: boolean, type?: number, shape?: readonly number[],
 *   ints?: readonly number[], tensor?: FloatTensor | IntTensor }} Attr
 * @typedef {{ shape: readonly number[], floats: Float32Array }} FloatTensor
 * @typedef {{ shape: readonly number[], ints: Int32Array }} IntTensor
 */

/** DataType numbers of types.proto. */
export const DataType = Object.freeze({ float: 1, int32: 3, bool: 10 });

/** GraphDef version of TensorFlow 2.3: every op written here has its present meaning since then. */
const producerVersion = 440;

/** A graph under construction: nodes are added producers first. */
export class GraphDefWriter {
  #graph = new ProtobufMessage();
  /** @type {Set<string>} */
  #names = new Set();

  /**
   * Adds an op on floats (attribute `T`) and returns its name, to be used as an input of later nodes.
   *
   * @param {string} name
   * @param {string} op
   * @param {readonly string[]} inputs names of nodes added before
   * @param {Readonly<Record<string, Attr>>} [attrs]
   */
  op(name, op, inputs, attrs = {}) {
    return this.#add(name, op, inputs, { T: { type: DataType.float }, ...attrs });
  }

  /**
   * Adds the network's input.
   *
   * @param {string} name
   * @param {readonly number[]} shape -1 where any size goes
   */
  placeholder(name, shape) {
    return this.#add(name, 'Placeholder', [], { dtype: { type: DataType.float }, shape: { shape } });
  }

  /**
   * Adds a constant.
   *
   * @param {string} name
   * @param {FloatTensor | IntTensor} tensor
   */
  constant(name, tensor) {
    const type = 'floats' in tensor ? DataType.float : DataType.int32;
    return this.#add(name, 'Const', [], { dtype: { type }, value: { tensor } });
  }

  /** The file's bytes. */
  toBytes() {
    const versions = new ProtobufMessage().varint(1, producerVersion).varint(2, 12);
    return Buffer.concat([this.#graph.toBytes(), new ProtobufMessage().bytes(4, versions).toBytes()]);
  }

  /**
   * @param {string} name
   * @param {string} op
   * @param {readonly string[]} inputs
   * @param {Readonly<Record<string, Attr>>} attrs
   */
  #add(name, op, inputs, attrs) {
    if (this.#names.has(name)) throw new Error(`two nodes have the name '${name}'`);
    for (const input of inputs) {
      if (!this.#names.has(input))
        throw new Error(`node '${name}' takes '${input}', which is not written yet`);
    }
    this.#names.add(name);
    const node = new ProtobufMessage().bytes(1, name).bytes(2, op);
    for (const input of inputs) node.bytes(3, input);
    for (const [key, value] of Object.entries(attrs)) {
      node.bytes(5, new ProtobufMessage().bytes(1, key).bytes(2, attrValue(value)));
    }
    this.#graph.bytes(1, node);
    return name;
  }
}

/** @param {Attr} attr */
function attrValue(attr) {
  const message = new ProtobufMessage();
  if (attr.s !== undefined) message.bytes(2, attr.s);
  if (attr.i !== undefined) message.varint(3, attr.i);
  if (attr.f !== undefined) message.float(4, attr.f);
  if (attr.b !== undefined) message.varint(5, Number(attr.b));
  if (attr.type !== undefined) message.varint(6, attr.type);
  if (attr.shape !== undefined) message.bytes(7, shapeProto(attr.shape));
  if (attr.tensor !== undefined) message.bytes(8, tensorProto(attr.tensor));
  if (attr.ints !== undefined)
    message.bytes(1, new ProtobufMessage().bytes(3, Buffer.concat(attr.ints.map(varint))));
  return message;
}

/** @param {readonly number[]} shape */
function shapeProto(shape) {
  const message = new ProtobufMessage();
  for (const size of shape) message.bytes(2, new ProtobufMessage().varint(1, size));
  return message;
}

/** @param {FloatTensor | IntTensor} tensor */
function tensorProto(tensor) {
  const values = 'floats' in tensor ? tensor.floats : tensor.ints;
  const count = tensor.shape.reduce((product, size) => product * size, 1);
  if (count !== values.length) throw new Error(`a tensor of [${tensor.shape}] has ${values.length} values`);
  // tensor_content is little-endian, whatever the machine is.
  const content = Buffer.alloc(4 * values.length);
  values.forEach((value, index) =>
    'floats' in tensor ? content.writeFloatLE(value, 4 * index) : content.writeInt32LE(value, 4 * index),
  );
  return new ProtobufMessage()
    .varint(1, 'floats' in tensor ? DataType.float : DataType.int32)
    .bytes(2, shapeProto(tensor.shape))
    .bytes(4, content);
}
