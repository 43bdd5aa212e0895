/** One node of an ONNX model while it is turned into nodes of a Graph. */
import { DnnError } from '../../base/errors.ts';
import type { DataType, Shape, Tensor } from '../../graph/graph.ts';
import { constNode, intType, opNode, tensorOf, type ShortAttrs } from '../../graph/node-builder.ts';
import { isFloatType } from '../../graph/tensor-storage.ts';
import type { KnownValue } from '../../graph/values/known-value.ts';
import { decodeTensor, type TensorPlace } from './proto/decode-tensor.ts';
import type { AttributeProto, NodeProto } from './proto/onnx-messages.ts';
import type { GraphGrowth } from '../graph-growth.ts';
import { UnsupportedOperator } from '../unsupported-operator.ts';

/** An element of a vector: a number, or the reference of a scalar that is computed. */
export type Element = number | string;

/** What stands around a node. */
export interface NodeSurroundings {
  readonly growth: GraphGrowth;
  readonly place: TensorPlace;
  /** Version of the node's domain. */
  readonly version: number;
  /** Name that nodes made for this one start with. */
  readonly base: string;
}

export class OnnxTranslation {
  readonly node: NodeProto;
  readonly version: number;
  /** References by input; undefined where the optional input is left out. */
  readonly inputs: readonly (string | undefined)[];
  readonly #growth: GraphGrowth;
  readonly #place: TensorPlace;
  readonly #base: string;
  readonly #added: string[] = [];

  constructor(node: NodeProto, inputs: readonly (string | undefined)[], around: NodeSurroundings) {
    this.node = node;
    this.inputs = inputs;
    this.version = around.version;
    this.#growth = around.growth;
    this.#place = around.place;
    this.#base = around.base;
  }

  /** Names of the nodes that were added for this one. */
  get added(): readonly string[] {
    return this.#added;
  }

  error(what: string): DnnError {
    const { name, op, offset } = this.node;
    const { file } = this.#place;
    return new DnnError(
      'EINVAL',
      `model '${file}': node '${name || this.#base}' (${op}) at byte ${offset} ${what}; the file is damaged, or no valid ` +
        'ONNX model: export the model again',
      { option: 'model', file, layer: name || this.#base, offset },
    );
  }

  unsupported(what: string): UnsupportedOperator {
    return new UnsupportedOperator(`${this.node.op} ${what}`);
  }

  has(index: number): boolean {
    return this.inputs[index] !== undefined;
  }

  /** Reference of an input. */
  input(index: number): string {
    const reference = this.inputs[index];
    if (reference === undefined) throw this.error(`has no input ${index}`);
    return reference;
  }

  shape(index: number): Shape {
    return this.shapeOf(this.input(index));
  }

  shapeOf(reference: string): Shape {
    return this.#growth.shapeOf(reference);
  }

  /** Number of dimensions of an input. */
  rank(index: number): number {
    return this.rankOf(this.input(index));
  }

  rankOf(reference: string): number {
    const shape = this.shapeOf(reference);
    if (shape === null) throw this.unsupported('of unknown rank');
    return shape.length;
  }

  type(index: number): DataType {
    return this.#growth.typeOf(this.input(index));
  }

  isFloat(index: number): boolean {
    return isFloatType(this.type(index));
  }

  /** The value of an input, where all of it is known. */
  tensor(index: number): Tensor | undefined {
    return this.#growth.tensorOf(this.input(index));
  }

  value(reference: string): KnownValue | undefined {
    return this.#growth.valueOf(reference);
  }

  /** The numbers of an input that must be known. */
  constant(index: number, what: string): number[] {
    const tensor = this.tensor(index);
    if (tensor === undefined) throw this.unsupported(`with ${what} that are computed`);
    return Array.from(tensor.data as ArrayLike<number>);
  }

  /** The elements of an input that is a vector, each a number or, where it is not known, a scalar. */
  elements(index: number, what: string): Element[] {
    const tensor = this.tensor(index);
    if (tensor !== undefined) return Array.from(tensor.data as ArrayLike<number>);
    const reference = this.input(index);
    const length = this.shapeOf(reference)?.[0] ?? -1;
    if (length < 0 || length > 64) throw this.unsupported(`with ${what} that are computed`);
    const known = this.value(reference)?.data;
    return Array.from({ length }, (_, at) => {
      const element = known?.[at] ?? NaN;
      return Number.isNaN(element) ? this.addElement(reference, at) : element;
    });
  }

  attribute(name: string): AttributeProto | undefined {
    return this.node.attributes.get(name);
  }

  hasAttribute(name: string): boolean {
    return this.node.attributes.has(name);
  }

  int(name: string, otherwise?: number): number {
    const value = this.attribute(name)?.i ?? (this.hasAttribute(name) ? 0 : otherwise);
    if (value === undefined) throw this.error(`has no attribute '${name}'`);
    return value;
  }

  flag(name: string, otherwise: boolean): boolean {
    return this.int(name, Number(otherwise)) !== 0;
  }

  float(name: string, otherwise?: number): number {
    const value = this.attribute(name)?.f ?? (this.hasAttribute(name) ? 0 : otherwise);
    if (value === undefined) throw this.error(`has no attribute '${name}'`);
    return value;
  }

  text(name: string, otherwise?: string): string {
    const value = this.attribute(name)?.s ?? otherwise;
    if (value === undefined) throw this.error(`has no attribute '${name}'`);
    return value;
  }

  ints(name: string, otherwise: readonly number[] = []): readonly number[] {
    const attribute = this.attribute(name);
    return attribute === undefined ? otherwise : attribute.ints;
  }

  floats(name: string): readonly number[] {
    return this.attribute(name)?.floats ?? [];
  }

  /** The value of an attribute that is a tensor. */
  tensorAttribute(name: string): Tensor | undefined {
    const tensor = this.attribute(name)?.t;
    return tensor === undefined ? undefined : decodeTensor(tensor, this.#place);
  }

  /** An axis counted from the front. */
  axis(given: number, rank: number): number {
    const axis = given < 0 ? given + rank : given;
    if (!Number.isInteger(axis) || axis < 0 || axis >= rank) {
      throw this.error(`has the axis ${given} for ${rank} dimensions`);
    }
    return axis;
  }

  /** Adds a node; its attribute `T` is the type of its first input. @returns its name. */
  add(op: string, inputs: readonly string[], attrs: ShortAttrs = {}): string {
    const name = this.#growth.claim(`${this.#base}/${op}`);
    const type = inputs[0] === undefined ? 'float32' : this.#growth.typeOf(inputs[0]);
    this.#growth.add(opNode(name, op, inputs, { T: { type }, ...attrs }));
    this.#added.push(name);
    return name;
  }

  addTensor(tensor: Tensor): string {
    const name = this.#growth.claim(`${this.#base}/constant`);
    this.#growth.add(constNode(name, tensor));
    this.#added.push(name);
    return name;
  }

  /** An int32 constant: a scalar of a number, a vector or matrix of a list. */
  addInts(values: number | readonly number[], shape?: readonly number[]): string {
    return this.addTensor(tensorOf('int32', values, shape));
  }

  /** A scalar of the type of a tensor. */
  addNumber(value: number, like: string = this.input(0)): string {
    return this.addTensor(tensorOf(this.#growth.typeOf(like), value));
  }

  addTranspose(input: string, order: readonly number[]): string {
    return order.every((axis, at) => axis === at)
      ? input
      : this.add('Transpose', [input, this.addInts(order)]);
  }

  /** Element `at` of a vector, as a scalar. */
  addElement(vector: string, at: number): string {
    const bounds = [at, at + 1, 1].map((value) => this.addInts([value]));
    return this.add('StridedSlice', [vector, ...bounds], { ...intType, shrink_axis_mask: 1 });
  }

  /** A vector of ints. */
  addVector(elements: readonly Element[]): string {
    if (elements.every((element) => typeof element === 'number')) return this.addInts(elements);
    const scalars = elements.map((element) =>
      typeof element === 'string' ? element : this.addInts(element),
    );
    return this.add('Pack', scalars, { ...intType, N: scalars.length, axis: 0 });
  }

  /** The size of an axis: a number where it is known. */
  sizeOf(reference: string, axis: number): Element {
    const size = this.shapeOf(reference)?.[axis] ?? -1;
    return size >= 0 ? size : this.addElement(this.addShape(reference), axis);
  }

  /** All sizes of a tensor as a vector; computed where they are known too, so that the batch stays free. */
  addShape(reference: string): string {
    return this.add('Shape', [reference], { out_type: { type: 'int32' } });
  }

  /** The same values with other sizes, of which one may be -1. */
  addReshape(reference: string, sizes: readonly Element[]): string {
    return this.add('Reshape', [reference, this.addVector(sizes)]);
  }

  /** A vector with one entry a channel so that it broadcasts along axis 1 of a tensor of the rank. */
  alongChannels(vector: string, rank: number): string {
    const count = this.shapeOf(vector)?.[0] ?? -1;
    return rank <= 2 ? vector : this.addReshape(vector, [count, ...Array<number>(rank - 2).fill(1)]);
  }

  cast(reference: string, to: DataType): string {
    const from = this.#growth.typeOf(reference);
    if (from === to) return reference;
    return this.add('Cast', [reference], { SrcT: { type: from }, DstT: { type: to } });
  }
}

/**
 * Turns a node into nodes of the Graph.
 *
 * @returns the references of its outputs, as many of the first ones as are known.
 */
export type OnnxRule = (node: OnnxTranslation) => string | readonly string[];
