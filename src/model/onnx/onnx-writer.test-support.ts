/** Writes ONNX models (ModelProto) for tests. */
import type { DataType, Tensor } from '../../graph/graph.ts';

/** An attribute: a float where it is given as `{ f }`, ints of numbers, text, tensors and graphs. */
export type TestAttribute =
  | number
  | string
  | readonly number[]
  | { readonly f: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TestTensor }
  | { readonly graph: TestGraph }
  | { readonly reference: string };

export interface TestNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, TestAttribute>>;
  readonly domain?: string;
  readonly name?: string;
}

export interface TestTensor {
  readonly name: string;
  /** Number of TensorProto.DataType. */
  readonly type: number;
  readonly dims: readonly number[];
  readonly raw?: Uint8Array;
  /** Values in the field of their type, where there are no raw bytes. */
  readonly values?: readonly number[];
  readonly external?: Readonly<Record<string, string>>;
}

export interface TestValue {
  readonly name: string;
  readonly type: number;
  /** A name for an open size. */
  readonly shape: readonly (number | string)[];
}

export interface TestGraph {
  readonly nodes: readonly TestNode[];
  readonly constants?: readonly TestTensor[];
  readonly inputs?: readonly TestValue[];
  readonly outputs: readonly TestValue[];
}

export interface TestFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly string[];
  readonly nodes: readonly TestNode[];
}

export interface TestModel {
  readonly graph: TestGraph;
  readonly opset?: number;
  /** Versions of further domains. */
  readonly opsets?: Readonly<Record<string, number>>;
  readonly functions?: readonly TestFunction[];
  readonly metadata?: Readonly<Record<string, string>>;
}

const utf8 = new TextEncoder();

function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const int = (field: number, value: number): Uint8Array =>
  Uint8Array.from([...varint(field * 8), ...varint(value)]);
const bytes = (field: number, content: Uint8Array): Uint8Array =>
  joined([Uint8Array.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);
const text = (field: number, content: string): Uint8Array => bytes(field, utf8.encode(content));
const message = (field: number, parts: readonly Uint8Array[]): Uint8Array => bytes(field, joined(parts));
const floatBytes = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);
const float = (field: number, value: number): Uint8Array =>
  joined([Uint8Array.from(varint(field * 8 + 5)), floatBytes(value)]);
const entry = (field: number, key: string, value: string): Uint8Array =>
  message(field, [text(1, key), text(2, value)]);

/** Which field of TensorProto holds values of a type. */
function valuesOf(type: number, values: readonly number[]): Uint8Array[] {
  if (type === 1) return [bytes(4, new Uint8Array(Float32Array.from(values).buffer))];
  if (type === 11) return [bytes(10, new Uint8Array(Float64Array.from(values).buffer))];
  const field = type === 7 ? 7 : type === 12 || type === 13 ? 11 : 5;
  return [bytes(field, Uint8Array.from(values.flatMap(varint)))];
}

function tensorParts({ name, type, dims, raw, values, external }: TestTensor): Uint8Array[] {
  return [
    ...dims.map((size) => int(1, size)),
    int(2, type),
    ...(values === undefined ? [] : valuesOf(type, values)),
    text(8, name),
    ...(raw === undefined ? [] : [bytes(9, raw)]),
    ...Object.entries(external ?? {}).map(([key, value]) => entry(13, key, value)),
    ...(external === undefined ? [] : [int(14, 1)]),
  ];
}

function attribute(name: string, value: TestAttribute): Uint8Array {
  const parts = [text(1, name)];
  if (typeof value === 'number') parts.push(int(3, value), int(20, 2));
  else if (typeof value === 'string') parts.push(text(4, value), int(20, 3));
  else if ('length' in value) parts.push(...value.map((one) => int(8, one)), int(20, 7));
  else if ('f' in value) parts.push(float(2, value.f), int(20, 1));
  else if ('floats' in value) parts.push(...value.floats.map((one) => float(7, one)), int(20, 6));
  else if ('tensor' in value) parts.push(message(5, tensorParts(value.tensor)), int(20, 4));
  else if ('graph' in value) parts.push(message(6, graphParts(value.graph)), int(20, 5));
  else parts.push(text(21, value.reference), int(20, 2));
  return message(5, parts);
}

function nodeParts(node: TestNode): Uint8Array[] {
  return [
    ...node.inputs.map((input) => text(1, input)),
    ...node.outputs.map((output) => text(2, output)),
    text(3, node.name ?? `node_${node.outputs[0] ?? ''}`),
    text(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => attribute(name, value)),
    ...(node.domain === undefined ? [] : [text(7, node.domain)]),
  ];
}

function valueParts({ name, type, shape }: TestValue): Uint8Array[] {
  const dims = shape.map((size) => message(1, [typeof size === 'number' ? int(1, size) : text(2, size)]));
  return [text(1, name), message(2, [message(1, [int(1, type), message(2, dims)])])];
}

function graphParts({ nodes, constants = [], inputs = [], outputs }: TestGraph): Uint8Array[] {
  return [
    ...nodes.map((node) => message(1, nodeParts(node))),
    text(2, 'test'),
    ...constants.map((tensor) => message(5, tensorParts(tensor))),
    ...inputs.map((value) => message(11, valueParts(value))),
    ...outputs.map((value) => message(12, valueParts(value))),
  ];
}

/** Writes the model. */
export function writeOnnx(model: TestModel): Uint8Array {
  const opsets = { '': model.opset ?? 17, ...model.opsets };
  const versions = Object.entries(opsets).map(([domain, version]) => [text(1, domain), int(2, version)]);
  return joined([
    int(1, 8),
    text(2, 'test'),
    message(7, graphParts(model.graph)),
    ...versions.map((parts) => message(8, parts)),
    ...Object.entries(model.metadata ?? {}).map(([key, value]) => entry(14, key, value)),
    ...(model.functions ?? []).map((body) =>
      message(25, [
        text(1, body.name),
        ...body.inputs.map((name) => text(4, name)),
        ...body.outputs.map((name) => text(5, name)),
        ...(body.attributes ?? []).map((name) => text(6, name)),
        ...body.nodes.map((node) => message(7, nodeParts(node))),
        ...versions.map((parts) => message(9, parts)),
        text(10, body.domain),
      ]),
    ),
  ]);
}

const typeNumbers: Partial<Record<DataType, number>> = { float32: 1, uint8: 2, int8: 3, int32: 6, bool: 9 };

/** A constant in the values of its type. */
export function onnxConstant(
  name: string,
  { dtype, shape, data }: Tensor,
  type = typeNumbers[dtype]!,
): TestTensor {
  return { name, type, dims: shape, values: Array.from(data as ArrayLike<number>) };
}

export function onnxFloats(name: string, dims: readonly number[], values: ArrayLike<number>): TestTensor {
  return { name, type: 1, dims, values: Array.from(values) };
}

/** Written as int64, as exporters do. */
export function onnxInts(name: string, values: readonly number[], dims = [values.length]): TestTensor {
  return { name, type: 7, dims, values };
}

export function onnxNode(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: TestNode['attributes'] = {},
): TestNode {
  return { op, inputs, outputs: [output], attributes };
}

/** A value of floats. */
export function onnxValue(name: string, shape: TestValue['shape'], type = 1): TestValue {
  return { name, type, shape };
}
