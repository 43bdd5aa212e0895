/** Turns the operators of a TFLite model into the nodes of a Graph. */
import { DnnError } from '../../base/errors.ts';
import type { Graph, Shape } from '../../graph/graph.ts';
import { constNode, opNode, placeholderNode } from '../../graph/node-builder.ts';
import { parseReference } from '../../graph/node-reference.ts';
import { GraphGrowth } from '../graph-growth.ts';
import { narrowedDataType } from '../data-type.ts';
import { UnsupportedOperator } from '../unsupported-operator.ts';
import { ruleOf } from './rules/rules.ts';
import { stored } from './rules/type-changes.ts';
import { tensorTypeName, tensorTypeOf } from './schema/tensor-types.ts';
import type { TfliteEdge, TfliteModel, TfliteOperator } from './schema/tflite-model.ts';
import { isQuantised, realTensor } from './tensor-values.ts';
import { TfliteTranslation } from './tflite-translation.ts';

export class GraphReader {
  readonly #growth = new GraphGrowth();
  readonly #model: TfliteModel;
  readonly #file: string;
  readonly #resizable: boolean;
  /** References of the real values by tensor. */
  readonly #values = new Map<number, string>();
  /** Names that the outputs of the model will have, by tensor. */
  readonly #reserved = new Map<number, string>();
  /** Tensors that follow from what is not supported. */
  readonly #unknown = new Set<number>();
  /** What cannot be read, each once, with the first operator that has it. */
  readonly #unsupported = new Map<string, string>();

  /** @param resizable height and width of the inputs are taken as open. */
  constructor(model: TfliteModel, file: string, resizable: boolean) {
    this.#model = model;
    this.#file = file;
    this.#resizable = resizable;
  }

  /** @throws DnnError `ENOSYS` naming every operator that is not known, all of them at once. */
  read(): Graph {
    const { operators, outputs } = this.#model;
    const inputs = this.#readInputs();
    for (const { name, tensor } of outputs) {
      if (!this.#reserved.has(tensor))
        this.#reserved.set(tensor, this.#growth.claim(name || `output_${tensor}`));
    }
    for (const operator of operators) this.#readOperator(operator);
    this.#refuseUnsupported();
    const results = outputs.map((edge) => [edge.name, this.#output(edge)] as const);
    return {
      nodes: this.#growth.nodes,
      signature: { inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(results) },
    };
  }

  /** Bytes are fed as they are; other quantised values as the real values that they stand for. */
  #readInputs(): Map<string, string> {
    const names = new Map<string, string>();
    for (const { name, tensor } of this.#model.inputs) {
      const entry = this.#model.tensors[tensor]!;
      const type = tensorTypeOf(entry.type);
      if (type === undefined) {
        this.#note(`an input of the type ${tensorTypeName(entry.type)}`, name);
        this.#unknown.add(tensor);
        continue;
      }
      const node = this.#growth.claim(name || `input_${tensor}`);
      names.set(name, node);
      const shape = this.#resizable ? openSizes(entry.shape) : entry.shape;
      const asCodes = !isQuantised(entry) || type === 'uint8';
      this.#growth.add(placeholderNode(node, shape, asCodes ? narrowedDataType(type) : 'float32'));
      this.#values.set(tensor, this.#fed(node, tensor));
    }
    return names;
  }

  /** The real values of what is fed. */
  #fed(node: string, tensor: number): string {
    const entry = this.#model.tensors[tensor]!;
    const { quantisation } = entry;
    if (!isQuantised(entry) || quantisation === undefined) return node;
    const operator = { op: 'input', isCustom: false, inputs: [], outputs: [], options: undefined };
    const around = this.#translation(
      { ...operator, customOptions: new Uint8Array(), offset: entry.offset },
      node,
    );
    if (tensorTypeOf(entry.type) !== 'uint8') return stored(around, node, entry);
    const codes = around.cast(node, 'float32');
    const zero = quantisation.zeros[0]!;
    const centred = zero === 0 ? codes : around.add('Sub', [codes, around.addFloat(zero)]);
    return around.add('Mul', [centred, around.addFloat(quantisation.scales[0]!)]);
  }

  #translation(operator: TfliteOperator, base: string): TfliteTranslation {
    return new TfliteTranslation(operator, {
      growth: this.#growth,
      file: this.#file,
      tensors: this.#model.tensors,
      valueOf: (tensor) => this.#valueOf(tensor, operator),
      base,
    });
  }

  /** Constants are made when they are first asked for. */
  #valueOf(tensor: number, operator: TfliteOperator): string {
    const known = this.#values.get(tensor);
    if (known !== undefined) return known;
    const entry = this.#model.tensors[tensor]!;
    if (entry.isVariable) throw new UnsupportedOperator('a variable');
    if (entry.data === undefined && !entry.shape.includes(0)) {
      const { op, offset } = operator;
      throw this.#damaged(`operator ${op} takes '${entry.name}', which nothing gives before it,`, offset);
    }
    const value = realTensor(entry, this.#file);
    const name = this.#reserved.get(tensor) ?? this.#growth.claim(entry.name || `tensor_${tensor}`);
    this.#growth.add(constNode(name, value));
    this.#values.set(tensor, name);
    return name;
  }

  #readOperator(operator: TfliteOperator): void {
    const base = this.#baseOf(operator);
    try {
      this.#translate(operator, base);
    } catch (error) {
      if (!(error instanceof UnsupportedOperator)) throw this.#placed(error, operator, base);
      this.#note(error.message, base);
      for (const output of operator.outputs) this.#unknown.add(output);
    }
  }

  #baseOf({ op, outputs }: TfliteOperator): string {
    return this.#model.tensors[outputs[0] ?? -1]?.name ?? op;
  }

  #translate(operator: TfliteOperator, base: string): void {
    const rule = ruleOf(operator);
    if (rule === undefined) throw new UnsupportedOperator(operator.op);
    if (operator.inputs.some((input) => this.#unknown.has(input))) {
      for (const output of operator.outputs) this.#unknown.add(output);
      return;
    }
    const translation = this.#translation(operator, base);
    const given = rule(translation);
    const references = typeof given === 'string' ? [given] : given;
    for (const [index, tensor] of operator.outputs.entries()) {
      const reference = references[index];
      if (reference === undefined || tensor < 0) throw translation.error(`gives no output ${index}`);
      this.#bind(
        tensor,
        this.#isKept(operator, index) ? reference : this.#stored(translation, reference, tensor),
      );
    }
    this.#takeName(translation, operator.outputs[0]);
  }

  #stored(translation: TfliteTranslation, reference: string, tensor: number): string {
    return stored(translation, reference, this.#model.tensors[tensor]!);
  }

  /** Operators that only move values keep them exactly where their codes mean the same. */
  #isKept({ op, inputs, outputs }: TfliteOperator, index: number): boolean {
    if (!movers.has(op)) return false;
    const meaning = (tensor: number | undefined): string => {
      const entry = this.#model.tensors[tensor ?? -1];
      return JSON.stringify([entry?.type, entry?.quantisation?.scales, entry?.quantisation?.zeros]);
    };
    const result = meaning(outputs[index]);
    return inputs.some((tensor) => meaning(tensor) === result);
  }

  #bind(tensor: number, reference: string): void {
    if (this.#values.has(tensor)) {
      const { name, offset } = this.#model.tensors[tensor]!;
      throw this.#damaged(`tensor '${name}', which is given twice,`, offset);
    }
    this.#values.set(tensor, reference);
  }

  /** The last node that was added takes over the name of the tensor that it gives. */
  #takeName({ added }: TfliteTranslation, tensor: number | undefined): void {
    const last = added.at(-1);
    if (tensor === undefined || last === undefined) return;
    const { name, output } = parseReference(this.#values.get(tensor)!);
    if (name !== last || output !== 0) return;
    const entry = this.#model.tensors[tensor]!;
    const taken = this.#reserved.get(tensor) ?? this.#growth.claim(entry.name || last);
    this.#growth.rename(last, taken);
    for (const [other, reference] of this.#values) {
      if (parseReference(reference).name === last)
        this.#values.set(other, taken + reference.slice(last.length));
    }
  }

  /** Real values; bytes that stand for themselves stay bytes. */
  #output({ name, tensor }: TfliteEdge): string {
    const operator = { op: 'output', isCustom: false, inputs: [], outputs: [], options: undefined };
    const value = this.#valueOf(tensor, { ...operator, customOptions: new Uint8Array(), offset: 0 });
    const entry = this.#model.tensors[tensor]!;
    const node = this.#reserved.get(tensor) ?? name;
    if (!this.#growth.has(node)) {
      const type = this.#growth.typeOf(value);
      const isBytes = tensorTypeOf(entry.type) === 'uint8' && isIdentity(entry.quantisation);
      this.#growth.add(
        isBytes && type !== 'uint8'
          ? opNode(node, 'Cast', [value], { SrcT: { type }, DstT: { type: 'uint8' } })
          : opNode(node, 'Identity', [value], { T: { type } }),
      );
    }
    this.#growth.fold(node);
    return node;
  }

  #note(what: string, node: string): void {
    if (!this.#unsupported.has(what)) this.#unsupported.set(what, node);
  }

  #damaged(what: string, offset: number): DnnError {
    return new DnnError(
      'EINVAL',
      `model '${this.#file}': ${what} at byte ${offset}; the file is damaged: fetch or convert the model again`,
      { option: 'model', file: this.#file, offset },
    );
  }

  /** Errors of shapes know the node of the Graph only. */
  #placed(error: unknown, { op, offset }: TfliteOperator, base: string): unknown {
    if (!(error instanceof DnnError) || error.details['offset'] !== undefined) return error;
    return new DnnError(
      error.code,
      `model '${this.#file}': operator '${base}' (${op}) at byte ${offset}: ${error.message}`,
      { ...error.details, option: 'model', file: this.#file, offset },
      { cause: error },
    );
  }

  #refuseUnsupported(): void {
    if (this.#unsupported.size === 0) return;
    const list = [...this.#unsupported].map(([what, node]) => `${what} ('${node}')`);
    throw new DnnError(
      'ENOSYS',
      `model '${this.#file}': operators that are not supported: ${list.join(', ')}; convert the model without them, or ` +
        'give the model that it was converted from as a frozen TensorFlow graph (.pb) or .onnx',
      { option: 'model', file: this.#file, layers: [...this.#unsupported.keys()] },
    );
  }
}

const movers = new Set(
  (
    'RESHAPE SQUEEZE EXPAND_DIMS TRANSPOSE CONCATENATION SLICE STRIDED_SLICE SPLIT SPLIT_V PACK UNPACK GATHER ' +
    'GATHER_ND TILE BROADCAST_TO REVERSE_V2 DEPTH_TO_SPACE SPACE_TO_DEPTH SPACE_TO_BATCH_ND BATCH_TO_SPACE_ND ' +
    'PAD MIRROR_PAD MAX_POOL_2D RESIZE_NEAREST_NEIGHBOR QUANTIZE DEQUANTIZE'
  ).split(' '),
);

function isIdentity(
  quantisation: { scales: readonly number[]; zeros: readonly number[] } | undefined,
): boolean {
  return quantisation === undefined || (quantisation.scales[0] === 1 && quantisation.zeros[0] === 0);
}

/** Sizes that follow from those of the frame are open: height and width. */
function openSizes(shape: readonly number[]): Shape {
  return shape.length === 4 ? [shape[0]!, -1, -1, shape[3]!] : shape;
}
