/** One layer of an OpenVINO IR while it is turned into nodes of a Graph. */
import { DnnError } from '../../base/errors.ts';
import type { DataType, GraphNode, Shape, Tensor } from '../../graph/graph.ts';
import { constNode, intType, opNode, tensorOf, type ShortAttrs } from '../../graph/node-builder.ts';
import { elements, isKnown, type KnownValue } from '../../graph/values/known-value.ts';
import { narrowedDataType } from '../data-type.ts';
import { precisionType } from './element-type.ts';
import type { IrLayer } from './ir-network.ts';

/** What a layer has that cannot be written in a Graph; collected over all layers. */
export class UnsupportedLayer extends Error {}

/** What the reader knows of a layer's inputs. */
export interface IrInput {
  /** Reference in the Graph. */
  readonly reference: string;
  /** The value of a constant. */
  readonly tensor: Tensor | undefined;
  /** What follows from constants and from sizes that are fixed; elements may be unknown. */
  readonly value: KnownValue | undefined;
  /** Sizes, -1 where open; null where the rank is not known. */
  readonly shape: Shape;
  readonly type: DataType;
}

export class IrTranslation {
  readonly layer: IrLayer;
  readonly inputs: readonly IrInput[];
  /** Type of the first output. */
  readonly type: DataType;
  readonly nodes: GraphNode[] = [];
  readonly #name: string;
  readonly #file: string;

  /** @param name of the layer's result in the Graph. */
  constructor(layer: IrLayer, name: string, inputs: readonly IrInput[], file: string) {
    this.layer = layer;
    this.#name = name;
    this.inputs = inputs;
    this.#file = file;
    this.type = narrowedDataType(precisionType(layer.outputs[0]?.precision ?? ''));
  }

  error(what: string): DnnError {
    const { name, type, offset } = this.layer;
    return new DnnError(
      'EINVAL',
      `model '${this.#file}': layer '${name}' (${type}) ${what} (character ${offset}); the file is damaged, or it is no ` +
        'OpenVINO IR: convert the model again',
      { option: 'model', file: this.#file, layer: name, offset },
    );
  }

  unsupported(what: string): UnsupportedLayer {
    return new UnsupportedLayer(`${this.layer.type} ${what}`);
  }

  #input(index: number): IrInput {
    const input = this.inputs[index];
    if (input === undefined) throw this.error(`has ${this.inputs.length} inputs`);
    return input;
  }

  /** Reference of an input. */
  input(index: number): string {
    return this.#input(index).reference;
  }

  shape(index: number): Shape {
    return this.#input(index).shape;
  }

  /** Number of dimensions of an input. */
  rank(index: number): number {
    const shape = this.shape(index);
    if (shape === null) throw this.unsupported('of unknown rank');
    return shape.length;
  }

  tensor(index: number): Tensor | undefined {
    return this.#input(index).tensor;
  }

  /** The numbers of an input that must be known: a constant, or what follows from sizes that are fixed. */
  constant(index: number, what: string): number[] {
    const { tensor, value } = this.#input(index);
    if (tensor !== undefined && tensor.dtype !== 'string')
      return Array.from(tensor.data as ArrayLike<number>);
    if (isKnown(value)) return elements(value);
    throw this.unsupported(`with ${what} that are computed`);
  }

  has(key: string): boolean {
    return this.layer.data.has(key);
  }

  text(key: string, otherwise?: string): string {
    const value = this.layer.data.get(key) ?? otherwise;
    if (value === undefined) throw this.error(`has no attribute '${key}'`);
    return value.trim();
  }

  number(key: string, otherwise?: number): number {
    const text = this.text(key, otherwise?.toString());
    const value = text === '' ? NaN : Number(text);
    if (Number.isNaN(value)) throw this.error(`has ${key}='${text}'`);
    return value;
  }

  flag(key: string, otherwise?: boolean): boolean {
    const text = this.text(key, otherwise?.toString()).toLowerCase();
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw this.error(`has ${key}='${text}'`);
  }

  /** A list of whole numbers; those of a window may not be negative. */
  ints(key: string, otherwise?: readonly number[]): number[] {
    const text = this.text(key, otherwise?.join(','));
    const values =
      text === '' ? [] : text.split(',').map((item) => (item.trim() === '' ? NaN : Number(item)));
    if (
      values.some((value) => !Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1) ||
      values.length > 32
    ) {
      throw this.error(`has ${key}='${text}'`);
    }
    return values;
  }

  /** Adds a node below the layer's name and gives its name. */
  add(op: string, inputs: readonly string[], attrs: ShortAttrs = {}): string {
    const name = `${this.#name}/${op}${this.nodes.length}`;
    const type = this.inputs[0]?.type ?? this.type;
    this.nodes.push(opNode(name, op, inputs, { T: { type }, ...attrs }));
    return name;
  }

  addTensor(tensor: Tensor): string {
    const name = `${this.#name}/constant${this.nodes.length}`;
    this.nodes.push(constNode(name, tensor));
    return name;
  }

  /** An int32 constant: a scalar of a number, a vector or matrix of a list. */
  addInts(values: number | readonly number[], shape?: readonly number[]): string {
    return this.addTensor(tensorOf('int32', values, shape));
  }

  /** A scalar of the type of the first input. */
  addNumber(value: number): string {
    return this.addTensor(tensorOf(this.inputs[0]?.type ?? 'float32', value));
  }

  addTranspose(input: string, order: readonly number[]): string {
    return this.add('Transpose', [input, this.addInts(order)]);
  }

  /** A scalar that is the size of an axis of an input, computed where the file leaves it open. */
  sizeOf(index: number, axis: number): string {
    const size = this.shape(index)?.[axis] ?? -1;
    if (size >= 0) return this.addInts(size);
    const shape = this.add('Shape', [this.input(index)], { out_type: { type: 'int32' } });
    const bounds = [this.addInts([axis]), this.addInts([axis + 1]), this.addInts([1])];
    return this.add('StridedSlice', [shape, ...bounds], { ...intType, shrink_axis_mask: 1 });
  }

  /** Names the node `last` as the layer; where that is none of these nodes, an Identity is. */
  finish(last: string): GraphNode[] {
    const result = this.nodes.findIndex((node) => node.name === last);
    if (result < 0) {
      const type = this.inputs[0]?.type ?? this.type;
      return [...this.nodes, opNode(this.#name, 'Identity', [last], { T: { type } })];
    }
    return this.nodes.with(result, { ...this.nodes[result]!, name: this.#name });
  }
}

/** Turns a layer into nodes and gives the name of the one that is its result. */
export type IrRule = (layer: IrTranslation) => string;
