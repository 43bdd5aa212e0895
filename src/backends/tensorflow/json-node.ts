/** A node of a Graph as the JSON that tfjs-converter reads (its compiled_api.ts). */
import type { AttrValue, DataType, GraphNode, Shape } from '../../graph/graph.ts';
import { typeAttr } from '../../graph/node-attrs.ts';
import { narrowCast } from './kernels/cast-kernel.ts';

/** tensorflow/core/framework/types.proto, as far as tfjs-converter maps them; it has no types of 16 bits. */
export const protoTypes: Readonly<Record<DataType, string>> = {
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
 * TensorFlow's own defaults of attributes that exporters strip, where tfjs-converter has none or another one:
 * it would fail with a TypeError or compute something else.
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

/** Integers that tfjs has no type for, as attributes of the op that cuts them: it holds them in int32. */
export const narrowTypes: Readonly<Record<string, Readonly<Record<string, AttrValue>>>> = {
  uint8: { bits: { i: 8 }, signed: { b: false } },
  int8: { bits: { i: 8 }, signed: { b: true } },
  uint16: { bits: { i: 16 }, signed: { b: false } },
  int16: { bits: { i: 16 }, signed: { b: true } },
};

/**
 * Ops that go by another one's name. tfjs-converter's list of control flow (model_analysis.js) spells If
 * wrong: it would warn at every run, and count If's tensors as those of an op that always runs.
 */
const otherNames: Readonly<Record<string, string>> = { If: 'StatelessIf' };

/** A NodeDef. The value of a Const is left out: it is a weight. */
export function jsonNode(node: GraphNode): Record<string, unknown> {
  const { name, op, inputs, attrs } = narrowed(node);
  return {
    name,
    op: otherNames[op] ?? op,
    input: inputs,
    attr: op === 'Const' ? {} : jsonAttributes(op, attrs),
  };
}

function narrowed(node: GraphNode): GraphNode {
  const attrs = node.op === 'Cast' ? narrowTypes[typeAttr(node, 'DstT') ?? ''] : undefined;
  return attrs === undefined ? node : { ...node, op: narrowCast, attrs };
}

function jsonAttributes(op: string, given: GraphNode['attrs']): Record<string, JsonAttr> {
  const attrs = { ...defaultAttributes[op], ...given };
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
