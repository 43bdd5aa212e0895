/**
 * The one intermediate form of a network: a directed graph of named nodes with TensorFlow's op names, input
 * references and attributes (tensorflow/core/framework/graph.proto), whatever file format it was read from.
 *
 * A Graph is plain data: it can be posted to a worker. Passes do not change a Graph, they return a new one.
 */

/** TensorFlow's DataType enum (types.proto) by name, as far as frozen inference graphs use it. */
export type DataType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'int32'
  | 'int64'
  | 'int16'
  | 'int8'
  | 'uint8'
  | 'uint16'
  | 'bool'
  | 'string';

/**
 * What the values of a Tensor are held in: Float32Array for float32, Uint8Array for uint8 and
 * bool, Int32Array for the other integers, strings for string. Reading narrows float64 and
 * float16 to float32, and int64 to int32.
 */
export type TensorData = Float32Array | Int32Array | Uint8Array | readonly string[];

/** A constant: row-major values of the given shape. The number of values equals the product of the shape. */
export interface Tensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Dimension sizes, -1 where unknown; null where even the rank is unknown. */
export type Shape = readonly number[] | null;

/** One attribute, as AttrValue of attr_value.proto: exactly one of the fields is present. */
export type AttrValue =
  | { readonly s: string }
  | { readonly i: number }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly type: DataType }
  | { readonly shape: Shape }
  | { readonly tensor: Tensor }
  | { readonly func: string }
  | { readonly list: AttrList };

/** A list attribute: at most one of the fields is present; none for an empty list. */
export interface AttrList {
  readonly s?: readonly string[];
  readonly i?: readonly number[];
  readonly f?: readonly number[];
  readonly b?: readonly boolean[];
  readonly type?: readonly DataType[];
  readonly shape?: readonly Shape[];
  readonly tensor?: readonly Tensor[];
  readonly func?: readonly string[];
}

/** One operation. */
export interface GraphNode {
  readonly name: string;
  /** TensorFlow's op name, such as `Conv2D`; converter-made ops such as `_FusedConv2D` are allowed. */
  readonly op: string;
  /** Producers: `name`, `name:1` for another output than the first, `^name` for a control dependency. */
  readonly inputs: readonly string[];
  readonly attrs: Readonly<Record<string, AttrValue>>;
}

/** What a function takes or gives. */
export interface FunctionArgument {
  readonly name: string;
  /** Undefined for a type that no Tensor has, such as a list's handle (DT_VARIANT). */
  readonly type: DataType | undefined;
}

/**
 * A function that nodes such as StatelessWhile call by name (FunctionDef,
 * tensorflow/core/framework/function.proto).
 */
export interface GraphFunction {
  readonly name: string;
  readonly inputs: readonly FunctionArgument[];
  readonly outputs: readonly FunctionArgument[];
  /**
   * The body. Its references are a FunctionDef's: an argument's name, `node:output:1` with the op's
   * name of the output, or `^node`.
   */
  readonly nodes: readonly GraphNode[];
  /** What each output is, by the output's name; a reference as in `nodes`. */
  readonly returns: Readonly<Record<string, string>>;
}

/** A network. Nodes stand in file order, which need not be topological. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** The functions that nodes, and other functions, call. Passes leave them as they are. */
  readonly library?: readonly GraphFunction[];
  /**
   * Signature names (TF2, tfjs) to node references:
   * `{ inputs: { images: 'x:0' }, outputs: … }`. Empty for frozen graphs.
   */
  readonly signature: {
    readonly inputs: Readonly<Record<string, string>>;
    readonly outputs: Readonly<Record<string, string>>;
  };
}
