/** The constants of an OpenVINO IR: pieces of the .bin beside the .xml. */
import { DnnError } from '../../base/errors.ts';
import type { Tensor } from '../../graph/graph.ts';
import { elementCount } from '../../graph/tensor-storage.ts';
import { narrowedDataType } from '../data-type.ts';
import { contentBytes, decodeContent } from '../tensor-content.ts';
import { elementType } from './element-type.ts';
import { parseShape, type IrLayer } from './ir-network.ts';

/** Reads Const layers. Layers that share their bytes share the values. */
export class IrWeights {
  readonly #file: string;
  readonly #bytes: Uint8Array;
  readonly #values = new Map<string, Tensor['data']>();

  /** @param file name of the .bin, for messages. @param bytes all of it; constants are copies. */
  constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.#bytes = bytes;
  }

  /**
   * @throws DnnError `EINVAL` naming the layer and the byte offset in the .bin;
   * `ENOSYS` for a type that is not held.
   */
  read(layer: IrLayer): Tensor {
    const { name, data } = layer;
    const typeName = data.get('element_type') ?? '';
    const type = elementType(typeName);
    if (type === undefined) {
      throw new DnnError(
        'ENOSYS',
        `model '${this.#file}': layer '${name}' holds values of the type '${typeName}', which is not supported; convert ` +
          'the model with FP32 or FP16 weights (ovc --compress_to_fp16)',
        { option: 'model', file: this.#file, layer: name },
      );
    }
    const [offset, size] = [this.#number(layer, 'offset'), this.#number(layer, 'size')];
    const shape = parseShape(data.get('shape') ?? '');
    if (shape === undefined || shape.includes(-1)) {
      throw this.#error(layer, `has the shape '${data.get('shape') ?? ''}'`, offset);
    }
    const needed = contentBytes(type, elementCount(shape));
    if (needed !== size) {
      throw this.#error(
        layer,
        `has ${size} bytes where its shape [${shape.join(', ')}] of ${typeName} needs ${needed}`,
        offset,
      );
    }
    if (!(offset + size <= this.#bytes.length)) {
      throw this.#error(layer, `needs bytes ${offset} to ${offset + size} of ${this.#bytes.length}`, offset);
    }
    return { dtype: narrowedDataType(type), shape, data: this.#decode(layer, type, offset, size) };
  }

  #decode(
    { name }: IrLayer,
    type: NonNullable<ReturnType<typeof elementType>>,
    offset: number,
    size: number,
  ): Tensor['data'] {
    const key = `${type} ${offset} ${size}`;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    // Shape arithmetic takes the largest int64 for "to the end": it is clamped, as every use of it clamps.
    const bytes = this.#bytes.subarray(offset, offset + size);
    const values =
      type === 'int64'
        ? clampedInt64(bytes)
        : decodeContent(type, bytes, `layer '${name}' at byte ${offset}`);
    this.#values.set(key, values);
    return values;
  }

  #number(layer: IrLayer, key: string): number {
    const text = layer.data.get(key) ?? '';
    const value = /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : NaN;
    if (Number.isNaN(value)) throw this.#error(layer, `has the ${key} '${text}'`, 0);
    return value;
  }

  #error({ name }: IrLayer, what: string, offset: number): DnnError {
    return new DnnError(
      'EINVAL',
      `model '${this.#file}': layer '${name}' ${what} (byte ${offset} of the .bin); .xml and .bin do not belong together, ` +
        'or one of them is cut: convert the model again',
      { option: 'model', file: this.#file, layer: name, offset },
    );
  }
}

function clampedInt64(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.byteLength / 8 }, (_, index) => {
    const value = Number(view.getBigInt64(8 * index, true));
    return Math.max(-(2 ** 31), Math.min(value, 2 ** 31 - 1));
  });
}
