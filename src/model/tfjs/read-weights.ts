/**
 * The weights of a tfjs model: shards joined, cut into tensors, quantisation undone
 * (tfjs-core, io_utils.ts · decodeWeights).
 */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { DataType, Tensor } from '../../graph/graph.ts';
import { elementCount, tensorData } from '../../graph/tensor-storage.ts';
import { contentBytes, decodeContent, narrowInt64 } from '../tensor-content.ts';
import { narrowedDataType } from '../data-type.ts';
import type { ReadFile } from '../model-format.ts';
import type { JsonValue } from './json-value.ts';

const storedTypes: Readonly<Record<string, DataType>> = {
  float32: 'float32',
  float16: 'float16',
  int32: 'int32',
  int64: 'int64',
  int16: 'int16',
  int8: 'int8',
  uint8: 'uint8',
  uint16: 'uint16',
  bool: 'bool',
  string: 'string',
};

const utf8 = new TextDecoder();

/** A path beside the JSON file; an absolute path or URL stands for itself. */
function besides(file: string, path: string): string {
  if (/^([a-z][a-z0-9+.-]*:)?\//i.test(path)) return path;
  return file.slice(0, file.lastIndexOf('/') + 1) + path;
}

/** Reads all tensors of a weights manifest, by name. */
export async function readWeights(manifest: JsonValue, readFile: ReadFile): Promise<Map<string, Tensor>> {
  const tensors = new Map<string, Tensor>();
  for (const group of manifest.items()) {
    const shards: Uint8Array[] = [];
    for (const path of group.at('paths').items()) shards.push(await readShard(path, readFile));
    const bytes = join(shards);
    let offset = 0;
    for (const entry of group.at('weights').items()) {
      const name = entry.at('name').name();
      if (tensors.has(name)) throw entry.error(`is a second weight named '${name}'`);
      const { tensor, length } = readWeight(entry, name, bytes.subarray(offset));
      tensors.set(name, tensor);
      offset += length;
    }
    if (offset !== bytes.length) {
      throw group.error(`describes ${offset} bytes of weights, but its shards hold ${bytes.length}`);
    }
  }
  return tensors;
}

async function readShard(path: JsonValue, readFile: ReadFile): Promise<Uint8Array> {
  const shard = besides(path.file, path.name());
  try {
    return await readFile(shard);
  } catch (error) {
    throw new DnnError(
      'ENOENT',
      `model '${path.file}': cannot read its weights file '${shard}' (${path.path}): ${errorMessage(error)}; ` +
        'keep all shards beside the JSON file',
      { option: 'model', file: shard },
      { cause: error },
    );
  }
}

function join(shards: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(shards.reduce((sum, shard) => sum + shard.length, 0));
  let offset = 0;
  for (const shard of shards) {
    bytes.set(shard, offset);
    offset += shard.length;
  }
  return bytes;
}

interface Weight {
  readonly tensor: Tensor;
  /** Bytes that the weight takes in its group. */
  readonly length: number;
}

function typeOf(json: JsonValue): DataType {
  const name = json.name();
  const type = Object.hasOwn(storedTypes, name) ? storedTypes[name] : undefined;
  if (type === undefined) throw json.error(`is '${name}', a type that is not supported`);
  return type;
}

function readWeight(entry: JsonValue, name: string, rest: Uint8Array): Weight {
  const shape = entry
    .at('shape')
    .items()
    .map((size) => {
      const value = size.number();
      if (!Number.isInteger(value) || value < 0) throw size.error('is no dimension');
      return value;
    });
  const type = typeOf(entry.at('dtype'));
  const quantization = entry.at('quantization');
  const stored = quantization.missing ? type : typeOf(quantization.at('dtype'));
  const count = elementCount(shape);
  if (stored === 'string') return readStrings(entry, shape, count, rest);
  const length = contentBytes(stored, count);
  if (!(length <= rest.length)) {
    throw entry.error(`('${name}') needs ${length} bytes where ${rest.length} are left in its shards`);
  }
  const data = decodeContent(stored, rest.subarray(0, length), `weight '${name}'`);
  if (quantization.missing) return { tensor: { dtype: narrowedDataType(type), shape, data }, length };
  const values =
    stored === 'float16' ? (data as Float32Array) : dequantise(quantization, data as ArrayLike<number>);
  const whole = type === 'float32' ? values : values.map(Math.round);
  if (type === 'int64') for (const value of whole) narrowInt64(value, `weight '${name}'`);
  return { tensor: { dtype: narrowedDataType(type), shape, data: tensorData(type, whole) }, length };
}

/** value = stored · scale + min, in double precision, rounded once to float32. */
function dequantise(quantization: JsonValue, data: ArrayLike<number>): Float32Array | Float64Array {
  const scale = quantization.at('scale').number();
  const min = quantization.at('min').number();
  return Float64Array.from(data, (value) => value * scale + min);
}

/** Each string stands behind its length in bytes (uint32, little-endian). */
function readStrings(entry: JsonValue, shape: readonly number[], count: number, rest: Uint8Array): Weight {
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  const data: string[] = [];
  let offset = 0;
  while (data.length < count) {
    const end = offset + 4 <= rest.length ? offset + 4 + view.getUint32(offset, true) : Infinity;
    if (end > rest.length) throw entry.error(`has strings beyond the ${rest.length} bytes that are left`);
    data.push(utf8.decode(rest.subarray(offset + 4, end)));
    offset = end;
  }
  return { tensor: { dtype: 'string', shape, data }, length: offset };
}
