/** What a ModelProto holds, as far as it is read (onnx/onnx.proto). */
import type { Shape } from '../../../graph/graph.ts';

/** Where the bytes of a tensor stand in another file. */
export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  /** Left out where everything from the offset on is meant. */
  readonly length: number | undefined;
}

/** A TensorProto whose values are not decoded yet. */
export interface TensorProto {
  readonly name: string;
  /** A number of TensorProto.DataType. */
  readonly dataType: number;
  readonly dims: readonly number[];
  /** Of raw_data: a view of the file. */
  readonly raw: Uint8Array | undefined;
  /** Of float_data, int32_data, int64_data, double_data or uint64_data. */
  readonly values: readonly number[];
  readonly external: ExternalData | undefined;
  /** Byte offset of the message in the file. */
  readonly offset: number;
}

/** One attribute: the fields that are in the file. */
export interface AttributeProto {
  readonly name: string;
  readonly f?: number;
  readonly i?: number;
  readonly s?: string;
  readonly t?: TensorProto;
  readonly g?: GraphProto;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly string[];
  /** The function's attribute that it stands for. */
  readonly reference: string;
}

export interface NodeProto {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name: string;
  readonly op: string;
  /** Empty for ONNX's own. */
  readonly domain: string;
  readonly overload: string;
  readonly attributes: ReadonlyMap<string, AttributeProto>;
  readonly offset: number;
}

/** An input or output of a graph. */
export interface ValueInfo {
  readonly name: string;
  /** 0 where the value is no tensor. */
  readonly dataType: number;
  /** -1 for sizes that are open. */
  readonly shape: Shape;
  /** What the sizes are called, for each dimension; empty for one without a name. */
  readonly sizeNames: readonly string[];
}

export interface GraphProto {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Names of sparse initialisers, which are not read. */
  readonly sparse: readonly string[];
}

/** A function of the model, called like an op. */
export interface FunctionProto {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly NodeProto[];
  /** Values of attributes that a call leaves out. */
  readonly defaults: ReadonlyMap<string, AttributeProto>;
  readonly opsets: ReadonlyMap<string, number>;
}

export interface ModelProto {
  readonly producer: string;
  readonly graph: GraphProto;
  /** Version by domain, ONNX's own under the empty name. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly functions: readonly FunctionProto[];
  readonly metadata: ReadonlyMap<string, string>;
}
