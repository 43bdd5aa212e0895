/** Floats of frames to and from the types of elements that models of ONNX take and give. */
import type { Tensor } from 'onnxruntime-web/wasm';
import { DnnError } from '../../base/errors.ts';

const feedTypes = ['float32', 'uint8', 'int8', 'uint16', 'int16', 'int32'] as const;

/** A type that frames are turned into. */
export type FeedType = (typeof feedTypes)[number];

/**
 * @param name of the input, for the message.
 * @param type what ONNX Runtime says of it.
 * @throws DnnError `ENOSYS` for one that no frame is turned into.
 */
export function feedType(name: string, type: Tensor.Type | undefined): FeedType {
  const found = feedTypes.find((one) => one === type);
  if (found !== undefined) return found;
  throw new DnnError(
    'ENOSYS',
    `input=${name}: the model takes ${type ?? 'no tensor'}, and frames are turned into ${feedTypes.join(', ')}: export it ` +
      'with an input of one of these types',
    { option: 'input', name },
  );
}

/** Integers are truncated from the floats, as everywhere else; floats are the caller's array itself. */
export function feedValues(type: FeedType, values: Float32Array): Tensor.DataTypeMap[FeedType] {
  switch (type) {
    case 'float32':
      return values;
    case 'uint8':
      return Uint8Array.from(values);
    case 'int8':
      return Int8Array.from(values);
    case 'uint16':
      return Uint16Array.from(values);
    case 'int16':
      return Int16Array.from(values);
    case 'int32':
      return Int32Array.from(values);
  }
}

/** @throws DnnError `ENOSYS` for an output that holds no numbers. */
export function resultValues(tensor: Tensor): Float32Array {
  const { data, type } = tensor;
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    return Float32Array.from(data, (value) => Number(value));
  if (Array.isArray(data) || type === 'float16')
    throw new DnnError('ENOSYS', `dnn_backend=onnx: the output is of type ${type}: export it as float`);
  return Float32Array.from(data as Uint8Array);
}
