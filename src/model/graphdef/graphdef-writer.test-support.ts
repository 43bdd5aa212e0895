/** Writes GraphDefs for tests, field by field, so that also unusual encodings can be made. */
import type {
  AttrValue,
  FunctionArgument,
  Graph,
  GraphFunction,
  GraphNode,
  Tensor,
} from '../../graph/graph.ts';
import { dataTypeEncoding } from '../data-type.ts';

const utf8 = new TextEncoder();

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** A field of wire type 0. */
export function number(field: number, value: number | bigint): Uint8Array {
  return join(varint(field * 8), varint(value));
}

/** A field of wire type 2. */
export function bytes(field: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = join(...content);
  return join(varint(field * 8 + 2), varint(body.length), body);
}

export function text(field: number, value: string): Uint8Array {
  return bytes(field, utf8.encode(value));
}

/** A field of wire type 5. */
export function float(field: number, value: number): Uint8Array {
  return join(varint(field * 8 + 5), new Uint8Array(Float32Array.of(value).buffer));
}

export function shapeProto(shape: readonly number[] | null): Uint8Array {
  return shape === null ? number(3, 1) : join(...shape.map((size) => bytes(2, number(1, size))));
}

/** A TensorProto with its values in tensor_content. */
export function tensorProto({ dtype, shape, data }: Tensor): Uint8Array {
  const values = data as Exclude<Tensor['data'], readonly string[]>;
  const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return join(number(1, dataTypeEncoding(dtype).number), bytes(2, shapeProto(shape)), bytes(4, content));
}

export function attrProto(value: AttrValue): Uint8Array {
  if ('s' in value) return text(2, value.s);
  if ('i' in value) return number(3, value.i);
  if ('f' in value) return float(4, value.f);
  if ('b' in value) return number(5, Number(value.b));
  if ('type' in value) return number(6, dataTypeEncoding(value.type).number);
  if ('shape' in value) return bytes(7, shapeProto(value.shape));
  if ('tensor' in value) return bytes(8, tensorProto(value.tensor));
  if ('func' in value) return bytes(10, text(1, value.func));
  const { s = [], i = [], f = [], b = [], type = [], shape = [] } = value.list;
  return bytes(
    1,
    ...s.map((entry) => text(2, entry)),
    ...(i.length > 0 ? [bytes(3, ...i.map(varint))] : []),
    ...f.map((entry) => float(4, entry)),
    ...b.map((entry) => number(5, Number(entry))),
    ...type.map((entry) => number(6, dataTypeEncoding(entry).number)),
    ...shape.map((entry) => bytes(7, shapeProto(entry))),
  );
}

/** A NodeDef from its parts; `attrs` are encoded AttrValues. */
export function nodeProto(
  name: string,
  op: string,
  inputs: readonly string[] = [],
  attrs: Readonly<Record<string, Uint8Array>> = {},
  field = 1,
): Uint8Array {
  const entries = Object.entries(attrs).map(([key, value]) => bytes(5, text(1, key), bytes(2, value)));
  return bytes(field, text(1, name), text(2, op), ...inputs.map((input) => text(3, input)), ...entries);
}

export function writeNode({ name, op, inputs, attrs }: GraphNode, field = 1): Uint8Array {
  const encoded = Object.entries(attrs).map(([key, value]) => [key, attrProto(value)] as const);
  return nodeProto(name, op, inputs, Object.fromEntries(encoded), field);
}

/** A FunctionDef; a type that no Tensor has is written as DT_VARIANT. */
function functionProto({ name, inputs, outputs, nodes, returns }: GraphFunction): Uint8Array {
  const argument = (field: number, arg: FunctionArgument): Uint8Array =>
    bytes(
      field,
      text(1, arg.name),
      number(3, arg.type === undefined ? 21 : dataTypeEncoding(arg.type).number),
    );
  return bytes(
    1,
    bytes(
      1,
      text(1, name),
      ...inputs.map((arg) => argument(2, arg)),
      ...outputs.map((arg) => argument(3, arg)),
    ),
    ...nodes.map((node) => writeNode(node, 3)),
    ...Object.entries(returns).map(([key, reference]) => bytes(4, text(1, key), text(2, reference))),
  );
}

/** A whole file. */
export function writeGraphDef(graph: Graph): Uint8Array {
  const library = (graph.library ?? []).map(functionProto);
  return join(
    ...graph.nodes.map((node) => writeNode(node)),
    ...(library.length > 0 ? [bytes(2, ...library)] : []),
    bytes(4, number(1, 440)),
  );
}
