/**
 * Lowers a Graph to the steps of a network for one frame size: constants found,
 * chains fused, no-ops left out.
 */
import { DnnError } from '../../../base/errors.ts';
import { channelsLast } from '../../../graph/channels-last.ts';
import { findShuffles } from './find-shuffles.ts';
import { foldConstants } from '../../../graph/fold-constants.ts';
import type { Graph, GraphNode, Tensor } from '../../../graph/graph.ts';
import { inferShapes, type InferredShapes } from '../../../graph/infer-shapes.ts';
import { withInputShape } from '../../../graph/input-node.ts';
import { constTensor, dataInputs, intAttr, stringAttr, typeAttr } from '../../../graph/node-attrs.ts';
import { normaliseReference } from '../../../graph/node-reference.ts';
import { RuleContext } from '../../../graph/shapes/rule-context.ts';
import { axisMaps } from '../../../graph/values/axis-maps.ts';
import { removeDeadNodes } from '../../../graph/remove-dead-nodes.ts';
import { formatShape, isFloatType, isFullyKnown } from '../../../graph/tensor-storage.ts';
import { nodesByName, topologicalOrder } from '../../../graph/topological-order.ts';
import { findConcatenatedRelus } from './concatenated-relu.ts';
import { findFusions, negatedTensor, type Fusion, type FusionContext, type Fusions } from './find-fusions.ts';
import { fuseGates } from './fuse-gates.ts';
import { plainOp } from './fused-ops.ts';
import { findJoinedInputs, type JoinedInputs } from './joined-inputs.ts';
import type { Epilogue, ImageSize, LayerSpec, TensorShapes } from './layer-spec.ts';
import type { Network, NetworkOutput, NetworkStep } from './network.ts';
import { joinSummedConvolutions } from './join-summed-convolutions.ts';
import { lowerSplit, splitOps } from './lower-split.ts';

/** What is lowered. */
export interface LoweringOptions {
  readonly graph: Graph;
  readonly input: string;
  readonly outputs: readonly string[];
  /** Size of a frame. */
  readonly size: ImageSize;
  /** The ops that there are layers for. */
  readonly ops: ReadonlySet<string>;
}

/** Ops that hand their input on; a change of shape counts only where rows or channels become others. */
const aliasOps = new Set(
  'Identity StopGradient PreventGradient Snapshot CheckNumerics Reshape Squeeze ExpandDims Flatten'.split(
    ' ',
  ),
);

/** Values that say what is taken of others are followed up to this many elements. */
const valueLimit = 2 ** 20;

const noEpilogue: Epilogue = { bias: undefined, activation: { kind: 'none' }, residual: undefined };

/** A tensor while lowering: a constant, or one of the network's. */
type Value = { readonly constant: Tensor } | { readonly tensor: number; readonly size: ImageSize };

/** Ops of pictures: of their inputs that change each is one image. */
const pictureOps = new Set(
  (
    'Conv2D DepthwiseConv2d DepthwiseConv2dNative _FusedConv2D FusedDepthwiseConv2dNative Conv2DBackpropInput ' +
    'DepthToSpace SpaceToDepth PixelShuffle PixelUnshuffle MaxPool AvgPool WindowPool ResizeBilinear ' +
    'ResizeNearestNeighbor ResizeImage'
  ).split(' '),
);

/** True for `[1, h, w, c]`. */
function isPicture(shape: readonly number[] | null): boolean {
  return shape?.length === 4 && shape[0] === 1;
}

/** The image that a shape stands for: the last two axes, and all before them as its height. */
function imageOf(shape: readonly number[] | null): ImageSize | undefined {
  if (!isFullyKnown(shape) || shape.includes(0)) return undefined;
  const height = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { height, width: shape.at(-2) ?? 1, channels: shape.at(-1) ?? 1 };
}

/**
 * The shape of what a layer gives, before axes are put in or taken away: undefined where it is the node's
 * own.
 */
function keptShape(node: GraphNode, shapes: InferredShapes): readonly number[] | undefined {
  const inputs = dataInputs(node);
  const context = new RuleContext(
    node,
    inputs.map((input) => shapes.shapeOf(input)),
    inputs.map((input) => shapes.valueOf(input)),
  );
  return axisMaps(context)?.maps.map((map) => map.length);
}

function sameSize(one: ImageSize, other: ImageSize): boolean {
  return one.height === other.height && one.width === other.width && one.channels === other.channels;
}

class Lowering {
  readonly #order: readonly GraphNode[];
  readonly #options: LoweringOptions;
  readonly #shapes: InferredShapes;
  readonly #fusions: Fusions;
  readonly #joined: JoinedInputs;
  readonly #halves: ReadonlyMap<string, string>;
  readonly #values = new Map<string, Value>();
  readonly #steps: NetworkStep[] = [];
  /** What there is no layer for; each once. */
  readonly unsupported = new Set<string>();

  constructor(graph: Graph, options: LoweringOptions) {
    const { input, size, ops } = options;
    this.#options = options;
    const fed = { [input]: [1, size.height, size.width, size.channels] };
    this.#shapes = inferShapes(graph, fed, { valueLimit });
    const byName = nodesByName(graph);
    const outputs = new Set(options.outputs);
    const order = topologicalOrder(graph);
    const relus = ops.has('CRelu') ? findConcatenatedRelus(graph, outputs, this.#shapes) : undefined;
    this.#halves = relus?.sources ?? new Map<string, string>();
    this.#order = order.filter((node) => relus?.absorbed.has(node.name) !== true);
    const nodes = this.#order.map((node) => this.#withSource(node));
    const context: FusionContext = {
      graph: { ...graph, nodes },
      outputs,
      constantOf: (reference) => (reference === undefined ? undefined : constTensor(byName.get(reference))),
      shapeOf: (reference) => this.#shapes.shapeOf(reference),
      unsupported: (what) => this.unsupported.add(what),
    };
    this.#fusions = findFusions(this.#order, context);
    this.#joined = findJoinedInputs(nodes, context);
  }

  lower(): Network {
    for (const node of this.#order) this.#lowerNode(node);
    return {
      input: this.#options.size,
      steps: this.#steps,
      outputs: this.#options.outputs.map((name) => this.#output(name)),
    };
  }

  /** Concat of both signs takes the tensor itself. */
  #withSource(node: GraphNode): GraphNode {
    const source = this.#halves.get(node.name);
    return source === undefined ? node : { name: node.name, op: 'CRelu', inputs: [source], attrs: {} };
  }

  #lowerNode(original: GraphNode): void {
    const node = this.#withSource(original);
    const { name, op } = node;
    if (name === this.#options.input) {
      this.#values.set(name, { tensor: 0, size: this.#options.size });
      return;
    }
    const constant = constTensor(node);
    if (constant !== undefined) {
      this.#values.set(name, { constant });
      return;
    }
    if (this.#fusions.absorbed.has(name) || this.#joined.absorbed.has(name) || op === 'NoOp') return;
    if (stringAttr(node, 'data_format', 'NHWC').toUpperCase() === 'NCHW') {
      this.unsupported.add(`${op} in NCHW layout`);
      return;
    }
    const fusion = this.#fusions.byLast.get(name);
    if (fusion !== undefined) this.#addFused(node, fusion);
    else if (splitOps.has(op)) this.#addSplit(node);
    else if (op === 'Pack') this.#addPack(node);
    else if (!this.#alias(node)) this.#addPlain(node);
  }

  /** True where the node's output is its input. */
  #alias(node: GraphNode): boolean {
    const input = this.#values.get(normaliseReference(node.inputs[0] ?? ''));
    if (input === undefined || 'constant' in input) return false;
    const types = [typeAttr(node, 'SrcT'), typeAttr(node, 'DstT')];
    const isCast = node.op === 'Cast' && types.every((type) => type !== undefined && isFloatType(type));
    const size = imageOf(this.#shapes.shapeOf(node.name));
    if (!aliasOps.has(node.op) && !isCast) return false;
    if (size === undefined || !sameSize(size, input.size)) return false;
    this.#values.set(node.name, input);
    return true;
  }

  #addSplit(node: GraphNode): void {
    const parts = lowerSplit(node, this.#shapes);
    if (parts === undefined || !this.#options.ops.has('Slice') || !this.#options.ops.has('Reshape')) {
      this.unsupported.add(node.op);
      return;
    }
    for (const { reference, slice, shape, constants } of parts) {
      const input = this.#values.get(normaliseReference(slice.inputs[0]!));
      const [output, whole] = [imageOf(this.#shapes.shapeOf(reference)), imageOf(shape)];
      if (input === undefined || 'constant' in input || output === undefined || whole === undefined) continue;
      const shapes = { inputs: [this.#known(slice.inputs[0]!)], output: shape };
      const sliced = {
        node: slice,
        inputs: [input.size],
        constants,
        output: whole,
        epilogue: noEpilogue,
        shapes,
      };
      this.#add(reference, sliced, [input.tensor]);
      this.#values.set(reference, this.#reshaped(reference, this.#values.get(reference)!, output));
    }
  }

  /** Pack is Concat of its inputs with one axis more. */
  #addPack(node: GraphNode): void {
    const { ops } = this.#options;
    const references = dataInputs(node);
    const output = imageOf(this.#shapes.shapeOf(node.name));
    if (output === undefined || !ops.has('ConcatV2') || !ops.has('Reshape')) {
      this.unsupported.add(`${node.op} to ${formatShape(this.#shapes.shapeOf(node.name))}`);
      return;
    }
    const rank = this.#shapes.shapeOf(node.name)!.length;
    const axis = (intAttr(node, 'axis', 0) + rank) % rank;
    const operands = references.map((reference, index): Value | undefined => {
      const value = this.#values.get(normaliseReference(reference));
      const shape = this.#shapes.shapeOf(reference)?.toSpliced(axis, 0, 1);
      const size = imageOf(shape ?? null);
      if (value === undefined || size === undefined) return undefined;
      if ('constant' in value) return { constant: { ...value.constant, shape: shape! } };
      return this.#reshaped(`${node.name}/${index}`, value, size);
    });
    // What could not be lowered is named already.
    if (operands.includes(undefined)) return;
    const inputs = operands.flatMap((value) => ('tensor' in value! ? [value] : []));
    const constants = new Map<number, Tensor>(
      operands.flatMap((value, index) => ('constant' in value! ? [[index, value.constant] as const] : [])),
    );
    constants.set(operands.length, { dtype: 'int32', shape: [], data: Int32Array.of(axis) });
    const concat: GraphNode = { ...node, op: 'ConcatV2', inputs: [...references, 'axis'] };
    const sizes = inputs.map(({ size }) => size);
    const whole = this.#known(node.name);
    const shapes = { inputs: inputs.map(() => whole.with(axis, 1)), output: whole };
    this.#add(
      node.name,
      { node: concat, inputs: sizes, constants, output, epilogue: noEpilogue, shapes },
      inputs.map(({ tensor }) => tensor),
    );
  }

  /** The same values in an image of another size. */
  #reshaped(name: string, value: Value, output: ImageSize): Value {
    if ('constant' in value || sameSize(value.size, output)) return value;
    const node: GraphNode = { name, op: 'Reshape', inputs: [name], attrs: {} };
    const spec: LayerSpec = {
      node,
      inputs: [value.size],
      constants: new Map(),
      output,
      epilogue: noEpilogue,
    };
    this.#steps.push({ spec, inputs: [value.tensor] });
    return { tensor: this.#steps.length, size: output };
  }

  #addPlain(node: GraphNode): void {
    const { op } = node;
    if (!this.#options.ops.has(op)) {
      this.unsupported.add(op);
      return;
    }
    const epilogue = plainOp(op) === undefined ? noEpilogue : { ...noEpilogue };
    this.#addNode(node.name, { ...node, inputs: dataInputs(node) }, epilogue, undefined, false);
  }

  #addFused(last: GraphNode, fusion: Fusion): void {
    const { anchor, bias, activation, residual, residualFirst, negated } = fusion;
    const op = plainOp(anchor.op)!;
    if (!this.#options.ops.has(op)) {
      this.unsupported.add(anchor.op);
      return;
    }
    const inputs = dataInputs(anchor).slice(0, op === 'Conv2DBackpropInput' ? 3 : 2);
    const attrs = Object.entries(anchor.attrs).filter(
      ([name]) => !['fused_ops', 'num_args', 'epsilon', 'leakyrelu_alpha'].includes(name),
    );
    const node: GraphNode = { name: anchor.name, op, inputs, attrs: Object.fromEntries(attrs) };
    const signed = negated ? bias?.map((value) => -value) : bias;
    this.#addNode(
      last.name,
      node,
      { bias: signed, activation, residual: undefined, residualFirst },
      residual,
      negated,
    );
  }

  #addNode(
    name: string,
    node: GraphNode,
    epilogue: Epilogue,
    residual: string | undefined,
    negated: boolean,
  ): void {
    const joined = this.#joined.byConvolution.get(node.name);
    const own = joined === undefined ? node.inputs : [...joined, ...node.inputs.slice(1)];
    const references = residual === undefined ? own : [...own, residual];
    const shift = own.length - node.inputs.length;
    const values = references.map((reference) => this.#values.get(normaliseReference(reference)));
    // What could not be lowered is named already; what follows from it is left out.
    if (values.some((value) => value === undefined)) return;
    const constants = new Map<number, Tensor>();
    const sizes: ImageSize[] = [];
    const tensors: number[] = [];
    const inputShapes: (readonly number[])[] = [];
    for (const [index, value] of values.entries()) {
      if ('constant' in value!) {
        const at = index - shift;
        constants.set(at, negated && at === 1 ? negatedTensor(value.constant) : value.constant);
      } else {
        sizes.push(value!.size);
        tensors.push(value!.tensor);
        inputShapes.push(this.#known(references[index]!));
      }
    }
    const kept = keptShape(node, this.#shapes);
    const whole = imageOf(this.#shapes.shapeOf(name));
    const output = kept === undefined ? whole : imageOf(kept);
    if (output === undefined || whole === undefined || tensors.length === 0) {
      const shape = formatShape(this.#shapes.shapeOf(name));
      this.unsupported.add(tensors.length === 0 ? `${node.op} of constants` : `${node.op} to ${shape}`);
      return;
    }
    const other = inputShapes.find((shape) => !isPicture(shape));
    if (other !== undefined && pictureOps.has(node.op)) {
      this.unsupported.add(`${node.op} of ${formatShape(other)}`);
      return;
    }
    const withResidual = residual === undefined ? epilogue : { ...epilogue, residual: sizes.length - 1 };
    const shapes: TensorShapes = { inputs: inputShapes, output: kept ?? this.#known(name) };
    const spec: LayerSpec = { node, inputs: sizes, constants, output, epilogue: withResidual, shapes };
    this.#add(name, joined === undefined ? spec : { ...spec, joined: joined.length }, tensors);
    if (kept !== undefined) this.#values.set(name, this.#reshaped(name, this.#values.get(name)!, whole));
  }

  /** The shape of a tensor whose image is known. */
  #known(reference: string): readonly number[] {
    return this.#shapes.shapeOf(reference) ?? [];
  }

  #add(name: string, spec: LayerSpec, inputs: readonly number[]): void {
    this.#steps.push({ spec, inputs });
    this.#values.set(name, { tensor: this.#steps.length, size: spec.output });
  }

  #output(name: string): NetworkOutput {
    const value = this.#values.get(name);
    if (value === undefined) return { tensor: 0, size: this.#options.size };
    if ('tensor' in value) return value;
    const size = imageOf(value.constant.shape);
    if (size !== undefined && value.constant.dtype !== 'string') return { ...value, size };
    const shape = formatShape(value.constant.shape);
    throw new DnnError('EINVAL', `output=${name}: a constant ${value.constant.dtype} ${shape} is no image.`, {
      option: 'output',
      name,
    });
  }
}

/**
 * Lowers a graph.
 *
 * @throws DnnError `ENOSYS` naming every op without a layer, all of them at once; `EINVAL` where the graph
 *   contradicts itself or the frame size.
 */
export function lowerGraph(options: LoweringOptions): Network {
  const { input, outputs, size } = options;
  const kept = new Set([input, ...outputs]);
  const shape = [1, size.height, size.width, size.channels];
  const sized = foldConstants(withInputShape(options.graph, input, shape), kept);
  const turned = fuseGates(channelsLast(findShuffles(sized), outputs), options.ops);
  const live = removeDeadNodes(turned, [input], outputs);
  const joined = joinSummedConvolutions(live, kept, inferShapes(live, { [input]: shape }));
  const lowering = new Lowering(joined, options);
  const network = lowering.lower();
  if (lowering.unsupported.size > 0) throw unsupportedOps([...lowering.unsupported]);
  return network;
}

/** The error for what there is no layer for, each named as in `Conv2D in NCHW layout`. */
export function unsupportedOps(ops: readonly string[]): DnnError {
  return new DnnError(
    'ENOSYS',
    `dnn_backend=native cannot run this model; it has no layer for: ${ops.join(', ')}. ` +
      'dnn_backend=tensorflow may have them.',
    { ops },
  );
}
