/** Node attributes in protobuf's JSON form (tfjs-converter's compiled_api.ts) to the Graph's AttrValue. */
import type { AttrList, AttrValue, DataType, Shape, Tensor } from '../../graph/graph.ts';
import { elementCount, isFullyKnown, zeros } from '../../graph/tensor-storage.ts';
import type { AllocationBudget } from '../allocation-budget.ts';
import { dataTypeFromNumber, dataTypeFromProtoName, narrowedDataType } from '../data-type.ts';
import { contentBytes, decodeContent, narrowInt64 } from '../tensor-content.ts';
import type { JsonValue } from './json-value.ts';

const utf8 = new TextDecoder();

/** Ranks above this occur only in damaged files. */
const maximumRank = 32;

function text(json: JsonValue): string {
  return utf8.decode(json.bytes());
}

function dataType(json: JsonValue): DataType | undefined {
  return typeof json.value === 'string'
    ? dataTypeFromProtoName(json.value)
    : dataTypeFromNumber(json.number());
}

function shape(json: JsonValue): Shape {
  const unknownRank = json.either('unknownRank', 'unknown_rank');
  if (!unknownRank.missing && unknownRank.boolean()) return null;
  const sizes = json.at('dim').items();
  if (sizes.length > maximumRank) throw json.error(`has more than ${maximumRank} dimensions`);
  return sizes.map((dim) => {
    const size = dim.at('size');
    const value = size.missing ? 0 : size.number();
    if (!Number.isInteger(value) || value < -1 || value > 2 ** 31 - 1) throw size.error('is no dimension');
    return value;
  });
}

/** A TensorProto; undefined where it carries no value: tfjs keeps weights in shards. */
function tensor(json: JsonValue, budget: AllocationBudget): Tensor | undefined {
  const type = dataType(json.at('dtype'));
  const sizes = json.either('tensorShape', 'tensor_shape');
  if (type === undefined || sizes.missing) return undefined;
  const dims = shape(sizes);
  if (!isFullyKnown(dims)) throw sizes.error('should be fully known');
  const count = elementCount(dims);
  const content = json.either('tensorContent', 'tensor_content');
  if (!content.missing) {
    const bytes = content.bytes();
    if (type === 'string' || bytes.length !== contentBytes(type, count))
      throw content.error('does not fit the shape');
    return { dtype: narrowedDataType(type), shape: dims, data: decodeContent(type, bytes, json.path) };
  }
  if (type === 'string') return undefined;
  const lists = ['floatVal', 'doubleVal', 'intVal', 'int64Val', 'boolVal'].map((name) =>
    json.at(name).items(),
  );
  const values = lists
    .flat()
    .map((item) => (typeof item.value === 'boolean' ? Number(item.value) : item.number()));
  if (values.length === 0) return undefined;
  if (count > values.length && !budget.take(count - values.length))
    throw sizes.error('is too large for its values');
  const data = zeros(type, count);
  data.set(values.slice(0, count).map((value) => (type === 'int64' ? narrowInt64(value, json.path) : value)));
  data.fill(values.at(-1)!, values.length);
  return { dtype: narrowedDataType(type), shape: dims, data };
}

function list(json: JsonValue): AttrList {
  const types = json.at('type').items().map(dataType);
  const all = {
    s: json.at('s').items().map(text),
    i: json
      .at('i')
      .items()
      .map((item) => item.number()),
    f: json
      .at('f')
      .items()
      .map((item) => item.number()),
    b: json
      .at('b')
      .items()
      .map((item) => item.boolean()),
    type: types.filter((type) => type !== undefined),
    shape: json.at('shape').items().map(shape),
    func: json
      .at('func')
      .items()
      .map((item) => item.at('name').name()),
  };
  return Object.fromEntries(Object.entries(all).filter(([, values]) => values.length > 0));
}

/**
 * One attribute; undefined for what a Graph does not hold (nothing set, or a type that no supported op uses).
 *
 * @throws DnnError `EINVAL` naming the place in the file.
 */
export function jsonAttrValue(json: JsonValue, budget: AllocationBudget): AttrValue | undefined {
  const has = (key: string): boolean => !json.at(key).missing;
  if (has('s')) return { s: text(json.at('s')) };
  if (has('i')) return { i: json.at('i').number() };
  if (has('f')) return { f: json.at('f').number() };
  if (has('b')) return { b: json.at('b').boolean() };
  if (has('shape')) return { shape: shape(json.at('shape')) };
  if (has('list')) return { list: list(json.at('list')) };
  if (has('func')) return { func: json.at('func').at('name').name() };
  if (has('type')) {
    const type = dataType(json.at('type'));
    return type === undefined ? undefined : { type };
  }
  if (has('tensor')) {
    const value = tensor(json.at('tensor'), budget);
    return value === undefined ? undefined : { tensor: value };
  }
  return undefined;
}
