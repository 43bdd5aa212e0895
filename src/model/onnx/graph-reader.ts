/** Turns the nodes of an ONNX model into those of a Graph, with functions and known branches inlined. */
import { DnnError } from '../../base/errors.ts';
import type { Graph, Shape } from '../../graph/graph.ts';
import { constNode, opNode, placeholderNode } from '../../graph/node-builder.ts';
import { parseReference } from '../../graph/node-reference.ts';
import { decodeTensor, type TensorPlace } from './proto/decode-tensor.ts';
import { elementTypeName, elementTypeOf } from './proto/element-types.ts';
import type { FunctionProto, GraphProto, ModelProto, NodeProto } from './proto/onnx-messages.ts';
import { GraphGrowth } from '../graph-growth.ts';
import { functionBody } from './function-body.ts';
import { UnsupportedOperator } from '../unsupported-operator.ts';
import { OnnxTranslation, type NodeSurroundings } from './onnx-translation.ts';
import { producersFirst } from './producers-first.ts';
import { ruleOf } from './rules/rules.ts';
import { ValueScope } from './value-scope.ts';

/** Nodes of functions and branches in each other: more occur only in damaged files. */
const maximumNodes = 2 ** 18;
const maximumNesting = 64;

type Opsets = ReadonlyMap<string, number>;

function functionKey({ domain, overload }: NodeProto | FunctionProto, name: string): string {
  return JSON.stringify([domain, name, overload]);
}

export class GraphReader {
  readonly #growth = new GraphGrowth();
  readonly #model: ModelProto;
  readonly #place: TensorPlace;
  readonly #functions: ReadonlyMap<string, FunctionProto>;
  readonly #resizable: boolean;
  /** What cannot be read, each once, with the first node that has it. */
  readonly #unsupported = new Map<string, string>();
  #nodesLeft = maximumNodes;
  #nesting = 0;

  /** @param resizable sizes of the inputs but batch and channels are taken as open. */
  constructor(model: ModelProto, place: TensorPlace, resizable: boolean) {
    this.#model = model;
    this.#place = place;
    this.#resizable = resizable;
    this.#functions = new Map(model.functions.map((entry) => [functionKey(entry, entry.name), entry]));
  }

  /** @throws DnnError `ENOSYS` naming every operator that is not known, all of them at once. */
  read(): Graph {
    const { graph, opsets } = this.#model;
    const scope = new ValueScope();
    const inputs = this.#readInputs(graph, scope);
    for (const { name } of graph.outputs) scope.reserve(name, this.#growth.claim(name));
    this.#readConstants(graph, scope);
    this.#readNodes(graph.nodes, scope, opsets);
    const outputs = this.#outputsOf(graph, scope);
    this.#refuseUnsupported();
    const signature = { inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs) };
    return { nodes: this.#growth.nodes, signature };
  }

  #refuseUnsupported(): void {
    if (this.#unsupported.size === 0) return;
    const file = this.#place.file;
    const list = [...this.#unsupported].map(([what, node]) => `${what} ('${node}')`);
    throw new DnnError(
      'ENOSYS',
      `model '${file}': operators that are not supported: ${list.join(', ')}; export the model without them, or give the ` +
        'model that it was converted from as a frozen TensorFlow graph (.pb) or a tfjs graph model',
      { option: 'model', file, layers: [...this.#unsupported.keys()] },
    );
  }

  #readInputs({ inputs, initializers }: GraphProto, scope: ValueScope): Map<string, string> {
    const constants = new Set(initializers.map(({ name }) => name));
    const names = new Map<string, string>();
    for (const { name, dataType, shape } of inputs) {
      // A file of old versions lists its constants here, too.
      if (constants.has(name)) continue;
      const type = elementTypeOf(dataType);
      const node = this.#growth.claim(name);
      names.set(name, node);
      if (type === undefined) {
        this.#note(`an input of the type ${elementTypeName(dataType)}`, name);
        scope.poison([name]);
        continue;
      }
      this.#growth.add(placeholderNode(node, this.#resizable ? openSizes(shape) : shape, type.type));
      scope.bind(name, node);
    }
    return names;
  }

  #readConstants({ initializers, sparse }: GraphProto, scope: ValueScope): void {
    for (const tensor of initializers) {
      const node = scope.reserved(tensor.name) ?? this.#growth.claim(tensor.name);
      this.#growth.add(constNode(node, decodeTensor(tensor, this.#place)));
      scope.bind(tensor.name, node);
    }
    for (const name of sparse) {
      this.#note('a sparse initialiser', name);
      scope.poison([name]);
    }
  }

  /** Outputs by name; those that are no node's first output get a node. */
  #outputsOf({ outputs }: GraphProto, scope: ValueScope): Map<string, string> {
    const names = new Map<string, string>();
    for (const { name } of outputs) {
      const reason = scope.poisonOf(name);
      if (reason !== undefined) {
        if (reason !== '') this.#note(reason, name);
        continue;
      }
      const reference = scope.get(name);
      if (reference === undefined) throw this.#error(`no node gives its output '${name}'`);
      const node = scope.reserved(name)!;
      if (!this.#growth.has(node)) {
        const type = this.#growth.typeOf(reference);
        this.#growth.add(opNode(node, 'Identity', [reference], { T: { type } }));
      }
      // A result that is made of sizes alone.
      this.#growth.fold(node);
      names.set(name, node);
    }
    return names;
  }

  #error(what: string, offset = 0): DnnError {
    const { file } = this.#place;
    return new DnnError('EINVAL', `model '${file}': ${what}; the file is damaged: export the model again`, {
      option: 'model',
      file,
      offset,
    });
  }

  #note(what: string, node: string): void {
    if (!this.#unsupported.has(what)) this.#unsupported.set(what, node);
  }

  #readNodes(nodes: readonly NodeProto[], scope: ValueScope, opsets: Opsets): void {
    if (++this.#nesting > maximumNesting) throw this.#error('functions and branches that never end');
    for (const node of producersFirst(nodes)) {
      if (--this.#nodesLeft < 0) throw this.#error(`more than ${maximumNodes} nodes`, node.offset);
      this.#readNode(node, scope, opsets);
    }
    this.#nesting--;
  }

  #readNode(node: NodeProto, scope: ValueScope, opsets: Opsets): void {
    try {
      this.#translate(node, scope, opsets);
    } catch (error) {
      if (!(error instanceof UnsupportedOperator)) throw this.#placed(error, node);
      this.#note(error.message, node.name || (node.outputs[0] ?? ''));
      scope.poison(node.outputs);
    }
  }

  /** Errors of shapes know the node of the Graph only. */
  #placed(error: unknown, { name, op, offset }: NodeProto): unknown {
    if (!(error instanceof DnnError) || error.details['offset'] !== undefined) return error;
    const { file } = this.#place;
    return new DnnError(
      error.code,
      `model '${file}': node '${name}' (${op}) at byte ${offset}: ${error.message}`,
      { ...error.details, option: 'model', file, offset },
      { cause: error },
    );
  }

  #translate(node: NodeProto, scope: ValueScope, opsets: Opsets): void {
    const body = this.#functions.get(functionKey(node, node.op));
    const version = opsets.get(node.domain) ?? this.#model.opsets.get(node.domain) ?? 1;
    const rule = ruleOf(node.domain, node.op);
    if (body === undefined && rule === undefined && node.op !== 'If') {
      throw new UnsupportedOperator(node.domain === '' ? node.op : `${node.domain}.${node.op}`);
    }
    // What follows from something unsupported is not named again.
    const reasons = node.inputs.map((input) => scope.poisonOf(input));
    if (reasons.some((reason) => reason !== undefined)) {
      const reason = reasons.find((one) => one !== undefined && one !== '');
      if (reason !== undefined) throw new UnsupportedOperator(reason);
      scope.poison(node.outputs);
      return;
    }
    const inputs = node.inputs.map((input) =>
      input === '' || scope.isOmitted(input) ? undefined : this.#resolve(input, node, scope),
    );
    if (body !== undefined) this.#call(node, body, inputs, scope);
    else if (node.op === 'If') this.#branch(node, inputs[0], scope, opsets);
    else {
      const around = { growth: this.#growth, place: this.#place, version, base: this.#baseOf(node, scope) };
      const translation = new OnnxTranslation(node, inputs, around satisfies NodeSurroundings);
      const given = rule!(translation);
      this.#bindOutputs(translation, typeof given === 'string' ? [given] : given, scope);
    }
  }

  #resolve(name: string, node: NodeProto, scope: ValueScope): string {
    const reference = scope.get(name);
    if (reference !== undefined) return reference;
    const label = `node '${node.name}' (${node.op}) at byte ${node.offset}`;
    throw this.#error(`${label} takes '${name}', which nothing gives before it`, node.offset);
  }

  #baseOf(node: NodeProto, scope: ValueScope): string {
    return `${scope.prefix}${node.outputs.find((name) => name !== '') ?? (node.name || node.op)}`;
  }

  /** A node that was added for the first output takes over the output's name. */
  #bindOutputs(translation: OnnxTranslation, references: readonly string[], scope: ValueScope): void {
    const { node, added } = translation;
    const [first] = node.outputs;
    let renamed = new Map<string, string>();
    if (first !== undefined && first !== '' && references[0] !== undefined) {
      const result = parseReference(references[0]);
      if (result.output === 0 && added.at(-1) === result.name) {
        const name = scope.reserved(first) ?? this.#growth.claim(`${scope.prefix}${first}`);
        this.#growth.rename(result.name, name);
        renamed = new Map([[result.name, name]]);
      }
    }
    for (const [index, output] of node.outputs.entries()) {
      const reference = references[index];
      if (output === '') continue;
      if (reference === undefined) {
        scope.poison([output], `output ${index} of ${node.op}`);
        continue;
      }
      const { name } = parseReference(reference);
      scope.bind(output, `${renamed.get(name) ?? name}${reference.slice(name.length)}`);
    }
  }

  #call(
    node: NodeProto,
    body: FunctionProto,
    inputs: readonly (string | undefined)[],
    scope: ValueScope,
  ): void {
    const inside = new ValueScope(undefined, `${this.#baseOf(node, scope)}/`);
    for (const [index, name] of body.inputs.entries()) {
      const reference = inputs[index];
      if (reference !== undefined) inside.bind(name, reference);
      else inside.omit(name);
    }
    this.#readNodes(functionBody(body, node), inside, body.opsets);
    this.#bindResults(node, body.outputs, inside, scope);
  }

  #branch(node: NodeProto, condition: string | undefined, scope: ValueScope, opsets: Opsets): void {
    const known = condition === undefined ? undefined : this.#growth.tensorOf(condition)?.data[0];
    if (known === undefined) throw new UnsupportedOperator('If with a condition that is computed');
    const taken = node.attributes.get(known === 0 ? 'else_branch' : 'then_branch')?.g;
    if (taken === undefined) throw this.#error(`node '${node.name}' (If) has no branch`, node.offset);
    const inside = new ValueScope(scope, `${this.#baseOf(node, scope)}/`);
    this.#readConstants(taken, inside);
    this.#readNodes(taken.nodes, inside, opsets);
    this.#bindResults(
      node,
      taken.outputs.map(({ name }) => name),
      inside,
      scope,
    );
  }

  #bindResults(node: NodeProto, results: readonly string[], inside: ValueScope, scope: ValueScope): void {
    for (const [index, output] of node.outputs.entries()) {
      const result = results[index];
      if (output === '') continue;
      const reason = result === undefined ? '' : inside.poisonOf(result);
      if (result === undefined || reason !== undefined) scope.poison([output], reason);
      else scope.bind(output, this.#resolve(result, node, inside));
    }
  }
}

/** Sizes that follow from those of the frame are open: all but batch and channels. */
function openSizes(shape: Shape): Shape {
  if (shape?.length !== 4) return shape;
  const [n, second, , last] = shape as [number, number, number, number];
  return second > 4 && last <= 4 && last > 0 ? [n, -1, -1, last] : [n, second, -1, -1];
}
