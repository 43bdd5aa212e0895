/** Writes small TFLite models, for tests. */
import { Builder } from 'flatbuffers';
import type { DataType } from '../../graph/graph.ts';
import { builtinOperatorCode } from './schema/builtin-operators.ts';
import { tensorTypeNumber } from './schema/tensor-types.ts';

/** A field of a table of options: a number of so many bytes, or a list of int32. */
export type TestField =
  | { readonly int8: number }
  | { readonly int32: number }
  | { readonly float32: number }
  | { readonly int32s: readonly number[] };

export interface TestTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type?: DataType;
  /** Its bytes, for a constant. */
  readonly data?: Uint8Array;
  readonly scales?: readonly number[];
  readonly zeros?: readonly number[];
  readonly axis?: number;
}

export interface TestOperator {
  /** A builtin operator, or a custom one where none has the name. */
  readonly op: string;
  /** Names of tensors. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The options by the numbers of their fields. */
  readonly options?: Readonly<Record<number, TestField>>;
}

export interface TestModel {
  readonly tensors: readonly TestTensor[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly operators: readonly TestOperator[];
}

/** The bytes of float32 values. */
export function floatBytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** The bytes of int32 values. */
export function intBytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

/** Fields of a table by number: what adds each. */
type Fields = readonly (readonly [field: number, add: () => void])[];

class Writer {
  readonly builder = new Builder(1024);

  table(fields: Fields): number {
    this.builder.startObject(1 + Math.max(0, ...fields.map(([field]) => field)));
    for (const [, add] of fields) add();
    return this.builder.endObject();
  }

  offset(field: number, value: number): Fields[number] {
    return [
      field,
      () => {
        this.builder.addFieldOffset(field, value, 0);
      },
    ];
  }

  int32(field: number, value: number): Fields[number] {
    return [
      field,
      () => {
        this.builder.forceDefaults(true);
        this.builder.addFieldInt32(field, value, 0);
      },
    ];
  }

  int8(field: number, value: number): Fields[number] {
    return [
      field,
      () => {
        this.builder.addFieldInt8(field, value, 0);
      },
    ];
  }

  float32(field: number, value: number): Fields[number] {
    return [
      field,
      () => {
        this.builder.addFieldFloat32(field, value, 0);
      },
    ];
  }

  vector<T>(size: number, values: readonly T[], add: (value: T) => void): number {
    this.builder.startVector(size, values.length, size);
    for (const value of values.toReversed()) add(value);
    return this.builder.endVector();
  }

  int32s(values: readonly number[]): number {
    return this.vector(4, values, (value) => {
      this.builder.addInt32(value);
    });
  }

  offsets(values: readonly number[]): number {
    return this.vector(4, values, (value) => {
      this.builder.addOffset(value);
    });
  }

  text(value: string): number {
    return this.builder.createString(value);
  }

  options(options: Readonly<Record<number, TestField>>): number {
    const fields = Object.entries(options).map(([key, value]): Fields[number] => {
      const field = Number(key);
      if ('int8' in value) return this.int8(field, value.int8);
      if ('int32' in value) return this.int32(field, value.int32);
      if ('float32' in value) return this.float32(field, value.float32);
      return this.offset(field, this.int32s(value.int32s));
    });
    return this.table(fields);
  }

  tensor(tensor: TestTensor, buffer: number): number {
    const { scales } = tensor;
    const fields = [
      this.offset(0, this.int32s(tensor.shape)),
      this.int8(1, tensorTypeNumber(tensor.type ?? 'float32')),
      this.int32(2, buffer),
      this.offset(3, this.text(tensor.name)),
      ...(scales === undefined ? [] : [this.offset(4, this.#quantisation(scales, tensor))]),
    ];
    return this.table(fields);
  }

  #quantisation(scales: readonly number[], { zeros = [], axis = 0 }: TestTensor): number {
    const fields = [
      this.offset(
        2,
        this.vector(4, scales, (value) => {
          this.builder.addFloat32(value);
        }),
      ),
      this.offset(
        3,
        this.vector(8, zeros, (value) => {
          this.builder.addInt64(BigInt(value));
        }),
      ),
      this.int32(6, axis),
    ];
    return this.table(fields);
  }
}

/** @returns the bytes of a .tflite. */
export function writeTflite({ tensors, inputs, outputs, operators }: TestModel): Uint8Array {
  const writer = new Writer();
  const indexOf = (name: string): number =>
    name === '' ? -1 : tensors.findIndex((one) => one.name === name);
  const indices = (names: readonly string[]): number => writer.int32s(names.map(indexOf));
  const buffers = [undefined, ...tensors.map(({ data }) => data)].map((data) =>
    writer.table(
      data === undefined
        ? []
        : [
            writer.offset(
              0,
              writer.vector(1, [...data], (value) => {
                writer.builder.addInt8(value);
              }),
            ),
          ],
    ),
  );
  const codes = operators.map(({ op }) => {
    const code = builtinOperatorCode(op);
    return writer.table(
      code >= 0 ? [writer.int32(3, code)] : [writer.offset(1, writer.text(op)), writer.int32(3, 32)],
    );
  });
  const nodes = operators.map(({ inputs, outputs, options }, at) => {
    const fields = [
      writer.int32(0, at),
      writer.offset(1, indices(inputs)),
      writer.offset(2, indices(outputs)),
      ...(options === undefined ? [] : [writer.offset(4, writer.options(options))]),
    ];
    return writer.table(fields);
  });
  const graph = writer.table([
    writer.offset(0, writer.offsets(tensors.map((tensor, at) => writer.tensor(tensor, at + 1)))),
    writer.offset(1, indices(inputs)),
    writer.offset(2, indices(outputs)),
    writer.offset(3, writer.offsets(nodes)),
  ]);
  const root = writer.table([
    writer.int32(0, 3),
    writer.offset(1, writer.offsets(codes)),
    writer.offset(2, writer.offsets([graph])),
    writer.offset(4, writer.offsets(buffers)),
  ]);
  writer.builder.finish(root, 'TFL3');
  return writer.builder.asUint8Array();
}
