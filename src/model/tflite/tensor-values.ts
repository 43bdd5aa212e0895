/** The constants of a TFLite file as tensors of a Graph. */
import { DnnError } from '../../base/errors.ts';
import type { Tensor } from '../../graph/graph.ts';
import { narrowedDataType } from '../data-type.ts';
import { dequantisedTensor } from '../quantised/rounding.ts';
import { contentBytes, decodeContent } from '../tensor-content.ts';
import { tensorTypeOf } from './schema/tensor-types.ts';
import type { TfliteTensor } from './schema/tflite-model.ts';
import { UnsupportedOperator } from '../unsupported-operator.ts';
import { tensorTypeName } from './schema/tensor-types.ts';

/** True where the numbers of a tensor are codes of real values. */
export function isQuantised({ quantisation, type }: TfliteTensor): boolean {
  const name = tensorTypeOf(type);
  return quantisation !== undefined && (name === 'int8' || name === 'uint8' || name === 'int16');
}

/**
 * The numbers as they stand in the file, as a copy.
 *
 * @param tensor one that has data.
 * @throws DnnError `EINVAL` where the data does not have the tensor's size.
 */
export function storedTensor(tensor: TfliteTensor, file: string): Tensor {
  const { name, shape, offset, data = new Uint8Array() } = tensor;
  const type = tensorTypeOf(tensor.type);
  if (type === undefined || type === 'string') {
    throw new UnsupportedOperator(`a constant of the type ${tensorTypeName(tensor.type)}`);
  }
  if (tensor.isSparse) throw new UnsupportedOperator('a sparse constant');
  const count = shape.reduce((all, size) => all * size, 1);
  if (shape.some((size) => size < 0) || contentBytes(type, count) !== data.length) {
    throw new DnnError(
      'EINVAL',
      `model '${file}': tensor '${name}' at byte ${offset} has ${data.length} bytes for the shape ` +
        `[${shape.join(', ')}] of ${type}; the file is damaged: fetch or convert the model again`,
      { option: 'model', file, layer: name, offset },
    );
  }
  const where = `model '${file}': tensor '${name}'`;
  return { dtype: narrowedDataType(type), shape, data: decodeContent(type, data, where) };
}

/** The real values of a constant; plain numbers as they are. @throws as `storedTensor` does. */
export function realTensor(tensor: TfliteTensor, file: string): Tensor {
  const stored = storedTensor(tensor, file);
  const { quantisation } = tensor;
  if (quantisation === undefined || stored.dtype === 'float32') return stored;
  const { scales, zeros, axis } = quantisation;
  const size = stored.shape[axis];
  if (scales.length !== 1 && scales.length !== size) {
    throw new DnnError(
      'EINVAL',
      `model '${file}': tensor '${tensor.name}' at byte ${tensor.offset} has ${scales.length} scales for ` +
        `${size ?? 'no'} entries; the file is damaged: fetch or convert the model again`,
      { option: 'model', file, layer: tensor.name, offset: tensor.offset },
    );
  }
  return dequantisedTensor(stored, scales, zeros, axis);
}
