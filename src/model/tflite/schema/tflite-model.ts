/** What of a TFLite file is read, as plain objects. */
import type { Table } from './table.ts';

/** real value = scale · (code − zero point), for all of a tensor or for each entry along an axis. */
export interface Quantisation {
  readonly scales: readonly number[];
  /** As many as scales. */
  readonly zeros: readonly number[];
  readonly axis: number;
}

export interface TfliteTensor {
  readonly name: string;
  /** Sizes, -1 where the model leaves them open. */
  readonly shape: readonly number[];
  /** Number of its type: `tensorTypeOf`. */
  readonly type: number;
  /** Its value, a view of the file; undefined where it is computed or fed. */
  readonly data: Uint8Array | undefined;
  /** Left out for tensors of plain numbers. */
  readonly quantisation?: Quantisation;
  readonly isSparse: boolean;
  readonly isVariable: boolean;
  /** Byte offset in the file. */
  readonly offset: number;
}

export interface TfliteOperator {
  /** Name of the builtin or of the custom operator. */
  readonly op: string;
  readonly isCustom: boolean;
  /** Indices of tensors; -1 for an optional input that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The table of options of builtin operators. */
  readonly options: Table | undefined;
  readonly customOptions: Uint8Array;
  readonly offset: number;
}

/** A value that the model takes or gives, under the name that its signature or its tensor has. */
export interface TfliteEdge {
  readonly name: string;
  readonly tensor: number;
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly TfliteEdge[];
  readonly outputs: readonly TfliteEdge[];
}
