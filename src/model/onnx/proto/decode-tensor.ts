/** A TensorProto's values as a Tensor: from the message itself, or from a file beside the model. */
import { DnnError } from '../../../base/errors.ts';
import type { Tensor } from '../../../graph/graph.ts';
import { elementCount, zeros } from '../../../graph/tensor-storage.ts';
import { decodeRaw, elementTypeName, elementTypeOf } from './element-types.ts';
import type { TensorProto } from './onnx-messages.ts';

/** Gives the whole of a file that stands beside the model, by its location. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

/** What messages name. */
export interface TensorPlace {
  /** Name of the model's file. */
  readonly file: string;
  readonly external: ExternalFiles;
}

function damaged({ file }: TensorPlace, { name, offset }: TensorProto, what: string): DnnError {
  return new DnnError(
    'EINVAL',
    `model '${file}': tensor '${name}' at byte ${offset} ${what}; the file is cut or damaged: export the model again`,
    { option: 'model', file, layer: name, offset },
  );
}

/** The bytes of a tensor that stands in another file. */
function externalBytes(tensor: TensorProto, place: TensorPlace, needed: number): Uint8Array {
  const { location, offset, length } = tensor.external!;
  const bytes = place.external.get(location);
  if (bytes === undefined) throw damaged(place, tensor, `has its data in no file ('${location}')`);
  const size = length ?? bytes.length - offset;
  if (size !== needed) throw damaged(place, tensor, `has ${size} bytes of data where it needs ${needed}`);
  if (!(offset + size <= bytes.length)) {
    throw damaged(
      place,
      tensor,
      `needs bytes ${offset} to ${offset + size} of '${location}', which has ${bytes.length}`,
    );
  }
  return bytes.subarray(offset, offset + size);
}

/**
 * Decodes a tensor; the result is a copy. Floats of all sizes become float32, whole numbers of 32 and 64 bits
 * int32.
 *
 * @throws DnnError `EINVAL` where the data does not fit type and shape, `ENOSYS` for a type that is not read.
 */
export function decodeTensor(tensor: TensorProto, place: TensorPlace): Tensor {
  const element = elementTypeOf(tensor.dataType);
  if (element === undefined) {
    throw new DnnError(
      'ENOSYS',
      `model '${place.file}': tensor '${tensor.name}' holds values of the type ${elementTypeName(tensor.dataType)}, ` +
        'which is not supported; export the model with float or 8-bit weights',
      { option: 'model', file: place.file, layer: tensor.name },
    );
  }
  const count = elementCount(tensor.dims);
  const needed = count * element.bytes;
  const raw = tensor.external === undefined ? tensor.raw : externalBytes(tensor, place, needed);
  if (raw === undefined && tensor.values.length !== count) {
    throw damaged(place, tensor, `has ${tensor.values.length} values where its shape needs ${count}`);
  }
  if (raw !== undefined && raw.length !== needed) {
    throw damaged(place, tensor, `has ${raw.length} bytes of data where its shape needs ${needed}`);
  }
  const data = zeros(element.type, count);
  if (raw !== undefined) decodeRaw(element, raw, data);
  else data.set(element.ofBits === undefined ? tensor.values : tensor.values.map(element.ofBits));
  return { dtype: element.type, shape: tensor.dims, data };
}
