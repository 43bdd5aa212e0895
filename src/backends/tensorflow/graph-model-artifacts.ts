/** Turns a Graph into what tfjs-converter's `loadGraphModel` reads: a topology in JSON and one block of weights. */
import type { io } from '@tensorflow/tfjs-core';
import { DnnError } from '../../base/errors.ts';
import type { AttrValue, DataType, GraphNode, Shape, Tensor } from '../../graph/graph.ts';

/** tensorflow/core/framework/types.proto, as far as tfjs-converter maps them; it has no types of 16 bits. */
const protoTypes: Readonly<Record<DataType, string>> = {
  float32: 'DT_FLOAT',
  float64: 'DT_DOUBLE',
  float16: 'DT_FLOAT',
  int32: 'DT_INT32',
  int64: 'DT_INT64',
  int16: 'DT_INT32',
  int8: 'DT_INT8',
  uint8: 'DT_UINT8',
  uint16: 'DT_INT32',
  bool: 'DT_BOOL',
  string: 'DT_STRING',
};

const noDilation: AttrValue = { list: { i: [1, 1, 1, 1] } };
const epsilon: AttrValue = { f: 1e-4 };

/**
 * TensorFlow's own defaults of attributes that exporters strip, where tfjs-converter has none or another one: it would
 * fail with a TypeError or compute something else.
 */
const defaultAttributes: Readonly<Record<string, Readonly<Record<string, AttrValue>>>> = {
  Conv2D: { dilations: noDilation },
  DepthToSpace: { data_format: { s: 'NHWC' } },
  DepthwiseConv2dNative: { dilations: noDilation },
  FusedBatchNorm: { epsilon },
  FusedBatchNormV2: { epsilon },
  FusedBatchNormV3: { epsilon },
};

/** The JSON of one AttrValue. Strings are byte arrays: the converter takes those as well as base64. */
type JsonAttr = Readonly<Record<string, unknown>>;

/**
 * Model artifacts of these nodes, for `io.fromMemory`. The weights are copied out of the nodes' Const tensors.
 *
 * @param nodes closed under inputs, except for `input`, which is fed and becomes a node without inputs.
 */
export function graphModelArtifacts(nodes: readonly GraphNode[], input: string): io.ModelArtifacts {
  const constants = nodes.flatMap((node) => {
    const value = node.op === 'Const' ? node.attrs.value : undefined;
    return value !== undefined && 'tensor' in value ? [{ name: node.name, tensor: value.tensor }] : [];
  });
  return {
    format: 'graph-model',
    modelTopology: {
      node: nodes.map((node) => ({
        name: node.name,
        op: node.op,
        input: node.name === input ? [] : node.inputs,
        attr: node.op === 'Const' ? {} : jsonAttributes(node),
      })),
      library: {},
      versions: { producer: 0, minConsumer: 0 },
    },
    weightSpecs: constants.map(({ name, tensor }) => ({
      name,
      shape: [...tensor.shape],
      dtype: weightType(tensor),
    })),
    weightData: weightBlock(constants),
  };
}

function jsonAttributes(node: GraphNode): Record<string, JsonAttr> {
  const attrs = { ...defaultAttributes[node.op], ...node.attrs };
  return Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, jsonAttribute(value)]));
}

function jsonAttribute(value: AttrValue): JsonAttr {
  if ('s' in value) return { s: bytesOf(value.s) };
  if ('type' in value) return { type: protoTypes[value.type] };
  if ('shape' in value) return { shape: jsonShape(value.shape) };
  if ('func' in value) return { func: { name: value.func } };
  if ('tensor' in value) return {};
  if (!('list' in value)) return { ...value };
  const { s, type, shape, ...numbers } = value.list;
  return {
    list: {
      ...numbers,
      ...(s && { s: s.map(bytesOf) }),
      ...(type && { type: type.map((entry) => protoTypes[entry]) }),
      ...(shape && { shape: shape.map(jsonShape) }),
    },
  };
}

function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

function jsonShape(shape: Shape): JsonAttr {
  return shape === null ? { unknownRank: true } : { dim: shape.map((size) => ({ size })) };
}

/** How the values lie in the weight block: what `decodeWeights` of tfjs-core reads, 4 bytes each except for bool. */
function weightType({ dtype, data }: Tensor): 'float32' | 'int32' | 'bool' {
  if (data instanceof Float32Array) return 'float32';
  return dtype === 'bool' ? 'bool' : 'int32';
}

function weightBlock(constants: readonly { name: string; tensor: Tensor }[]): ArrayBuffer {
  const parts = constants.map(({ name, tensor }) => {
    const { data } = tensor;
    if (data instanceof Float32Array || data instanceof Int32Array) return asBytes(data);
    if (data instanceof Uint8Array) return tensor.dtype === 'bool' ? data : asBytes(Int32Array.from(data));
    throw new DnnError('ENOSYS', `model graph: Const '${name}' holds strings, which no kernel takes.`, {
      layer: name,
    });
  });
  const block = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    block.set(part, offset);
    offset += part.byteLength;
  }
  return block.buffer;
}

function asBytes(values: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
