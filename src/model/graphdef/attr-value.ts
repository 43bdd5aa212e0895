/** AttrValue (tensorflow/core/framework/attr_value.proto) to the Graph's AttrValue. */
import type { AttrList, AttrValue, DataType, Shape, Tensor } from '../../graph/graph.ts';
import type { AllocationBudget } from '../allocation-budget.ts';
import { dataTypeFromNumber } from '../data-type.ts';
import type { ProtobufReader, Tag } from '../protobuf/protobuf-reader.ts';
import { WireType } from '../protobuf/protobuf-reader.ts';
import { readShape, readTensor } from './tensor-proto.ts';

/**
 * Reads one AttrValue. Values that a Graph does not hold give undefined: an empty AttrValue, a function's
 * placeholder, and a data type that no supported op uses (a resource handle's, for one).
 *
 * @throws DnnError `EINVAL` with the byte offset.
 */
export function readAttrValue(
  reader: ProtobufReader,
  budget: AllocationBudget,
  where: string,
): AttrValue | undefined {
  let value: AttrValue | undefined;
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 9) reader.skip(tag);
    else value = readOneOf(reader, tag, budget, where) ?? value;
  }
  return value;
}

function readOneOf(
  reader: ProtobufReader,
  tag: Tag,
  budget: AllocationBudget,
  where: string,
): AttrValue | undefined {
  switch (tag.field) {
    case 1:
      reader.expect(tag, WireType.bytes);
      return { list: readList(reader.readMessage(), budget, where) };
    case 2:
      reader.expect(tag, WireType.bytes);
      return { s: reader.readString() };
    case 3:
      reader.expect(tag, WireType.varint);
      return { i: reader.readVarint() };
    case 4:
      reader.expect(tag, WireType.fixed32);
      return { f: reader.readFloat() };
    case 5:
      reader.expect(tag, WireType.varint);
      return { b: reader.readVarint() !== 0 };
    case 6: {
      reader.expect(tag, WireType.varint);
      const type = dataTypeFromNumber(reader.readVarint());
      return type === undefined ? undefined : { type };
    }
    case 7:
      reader.expect(tag, WireType.bytes);
      return { shape: readShape(reader.readMessage()) };
    case 8:
      reader.expect(tag, WireType.bytes);
      return { tensor: readTensor(reader.readMessage(), budget, where) };
    case 10:
      reader.expect(tag, WireType.bytes);
      return { func: readFunctionName(reader.readMessage()) };
    default:
      reader.skip(tag);
      return undefined;
  }
}

/** The name of a NameAttrList; a Graph does not hold its attributes. */
function readFunctionName(reader: ProtobufReader): string {
  let name = '';
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1) {
      reader.expect(tag, WireType.bytes);
      name = reader.readName();
    } else {
      reader.skip(tag);
    }
  }
  return name;
}

interface Lists {
  readonly s: string[];
  readonly i: number[];
  readonly f: number[];
  readonly b: boolean[];
  readonly type: DataType[];
  readonly shape: Shape[];
  readonly tensor: Tensor[];
  readonly func: string[];
}

function readList(reader: ProtobufReader, budget: AllocationBudget, where: string): AttrList {
  const lists: Lists = { s: [], i: [], f: [], b: [], type: [], shape: [], tensor: [], func: [] };
  while (!reader.done) readListField(reader, reader.readTag(), lists, budget, where);
  return Object.fromEntries(Object.entries(lists).filter(([, values]) => (values as unknown[]).length > 0));
}

function readListField(
  reader: ProtobufReader,
  tag: Tag,
  lists: Lists,
  budget: AllocationBudget,
  where: string,
): void {
  if (tag.field === 3 || tag.field === 5 || tag.field === 6) {
    if (tag.wireType !== WireType.bytes) reader.expect(tag, WireType.varint);
    reader.readRepeated(tag, (packed) => {
      const value = packed.readVarint();
      const type = dataTypeFromNumber(value);
      if (tag.field === 3) lists.i.push(value);
      else if (tag.field === 5) lists.b.push(value !== 0);
      else if (type !== undefined) lists.type.push(type);
    });
    return;
  }
  if (tag.field === 4) {
    if (tag.wireType !== WireType.bytes) reader.expect(tag, WireType.fixed32);
    reader.readRepeated(tag, (packed) => lists.f.push(packed.readFloat()));
    return;
  }
  if (tag.field > 9) {
    reader.skip(tag);
    return;
  }
  reader.expect(tag, WireType.bytes);
  if (tag.field === 2) lists.s.push(reader.readString());
  else if (tag.field === 7) lists.shape.push(readShape(reader.readMessage()));
  else if (tag.field === 8) lists.tensor.push(readTensor(reader.readMessage(), budget, where));
  else if (tag.field === 9) lists.func.push(readFunctionName(reader.readMessage()));
  else reader.skip(tag);
}
