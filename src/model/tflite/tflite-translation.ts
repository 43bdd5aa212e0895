/** One operator of a TFLite model while it is turned into nodes of a Graph. */
import { DnnError } from '../../base/errors.ts';
import type { DataType, Shape, Tensor } from '../../graph/graph.ts';
import { constNode, opNode, tensorOf, type ShortAttrs } from '../../graph/node-builder.ts';
import type { GraphGrowth } from '../graph-growth.ts';
import type { NodeAdder } from '../quantised/rounding.ts';
import { UnsupportedOperator } from '../unsupported-operator.ts';
import type { Table } from './schema/table.ts';
import type { TfliteOperator, TfliteTensor } from './schema/tflite-model.ts';
import { realTensor, storedTensor } from './tensor-values.ts';

/** What stands around an operator. */
export interface OperatorSurroundings {
  readonly growth: GraphGrowth;
  readonly file: string;
  readonly tensors: readonly TfliteTensor[];
  /** The real values of a tensor: a reference. */
  readonly valueOf: (tensor: number) => string;
  /** Name that nodes made for this operator start with. */
  readonly base: string;
}

export class TfliteTranslation implements NodeAdder {
  readonly operator: TfliteOperator;
  readonly #around: OperatorSurroundings;
  readonly #added: string[] = [];

  constructor(operator: TfliteOperator, around: OperatorSurroundings) {
    this.operator = operator;
    this.#around = around;
  }

  /** Names of the nodes that were added for this operator. */
  get added(): readonly string[] {
    return this.#added;
  }

  /** The table of its options. Fields that are not in the file have their default. */
  get options(): Table | undefined {
    return this.operator.options;
  }

  error(what: string): DnnError {
    const { op, offset } = this.operator;
    const { file, base } = this.#around;
    return new DnnError(
      'EINVAL',
      `model '${file}': operator '${base}' (${op}) at byte ${offset} ${what}; the file is damaged: fetch or convert ` +
        'the model again',
      { option: 'model', file, layer: base, offset },
    );
  }

  unsupported(what: string): UnsupportedOperator {
    return new UnsupportedOperator(`${this.operator.op} ${what}`);
  }

  get inputCount(): number {
    return this.operator.inputs.length;
  }

  has(index: number): boolean {
    return (this.operator.inputs[index] ?? -1) >= 0;
  }

  tensor(index: number): TfliteTensor {
    const tensor = this.#around.tensors[this.operator.inputs[index] ?? -1];
    if (tensor === undefined) throw this.error(`has no input ${index}`);
    return tensor;
  }

  /** What the model says of an output. */
  output(index = 0): TfliteTensor {
    const tensor = this.#around.tensors[this.operator.outputs[index] ?? -1];
    if (tensor === undefined) throw this.error(`has no output ${index}`);
    return tensor;
  }

  /** Reference of the real values of an input. */
  input(index: number): string {
    this.tensor(index);
    return this.#around.valueOf(this.operator.inputs[index]!);
  }

  inputs(): string[] {
    return this.operator.inputs.map((_, index) => this.input(index));
  }

  shapeOf(reference: string): Shape {
    return this.#around.growth.shapeOf(reference);
  }

  /** Sizes of an input, -1 where they are open. */
  shape(index: number): readonly number[] {
    const shape = this.shapeOf(this.input(index));
    if (shape === null) throw this.unsupported('of unknown rank');
    return shape;
  }

  typeOf(reference: string): DataType {
    return this.#around.growth.typeOf(reference);
  }

  /** The real values of an input that must be a constant. */
  constant(index: number, what: string): Tensor {
    const given = this.tensor(index);
    if (given.data !== undefined) return realTensor(given, this.#around.file);
    const tensor = this.#around.growth.tensorOf(this.input(index));
    if (tensor === undefined) throw this.unsupported(`with ${what} that are computed`);
    return tensor;
  }

  /** Whole numbers of an input that must be known: sizes, axes, paddings. */
  ints(index: number, what: string): number[] {
    const tensor = this.tensor(index);
    const known =
      tensor.data === undefined ? this.constant(index, what) : storedTensor(tensor, this.#around.file);
    return Array.from(known.data as ArrayLike<number>);
  }

  /** An axis counted from the front. */
  axis(given: number, rank: number): number {
    const axis = given < 0 ? given + rank : given;
    if (axis < 0 || axis >= rank) throw this.error(`has the axis ${given} for ${rank} dimensions`);
    return axis;
  }

  /** Adds a node; its attribute `T` is the type of its first input. @returns its name. */
  add(op: string, inputs: readonly string[], attrs: ShortAttrs = {}): string {
    const { growth, base } = this.#around;
    const name = growth.claim(`${base}/${op}`);
    const type = inputs[0] === undefined ? 'float32' : growth.typeOf(inputs[0]);
    growth.add(opNode(name, op, inputs, { T: { type }, ...attrs }));
    this.#added.push(name);
    return name;
  }

  addTensor(tensor: Tensor): string {
    const { growth, base } = this.#around;
    const name = growth.claim(`${base}/constant`);
    growth.add(constNode(name, tensor));
    this.#added.push(name);
    return name;
  }

  /** An int32 constant: a scalar of a number, a vector of a list. */
  addInts(values: number | readonly number[]): string {
    return this.addTensor(tensorOf('int32', values));
  }

  addFloat(value: number): string {
    return this.addTensor(tensorOf('float32', value));
  }

  cast(reference: string, to: DataType): string {
    const from = this.typeOf(reference);
    return from === to
      ? reference
      : this.add('Cast', [reference], { SrcT: { type: from }, DstT: { type: to } });
  }
}

/**
 * Turns an operator into nodes of the Graph.
 *
 * @returns the references of its outputs.
 */
export type TfliteRule = (node: TfliteTranslation) => string | readonly string[];
