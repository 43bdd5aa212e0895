/**
 * What a model takes and gives: the size queries of a filter, answered from the Graph. Mirrors get_input_tf
 * and get_output_tf of libavfilter/dnn/dnn_backend_tf.c, without their run of the network.
 */
import { DnnError } from '../../base/errors.ts';
import type { DataType, Graph, GraphNode } from '../../graph/graph.ts';
import { consumersByName } from '../../graph/graph-edits.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { typeAttr } from '../../graph/node-attrs.ts';
import { parseReference } from '../../graph/node-reference.ts';
import { formatShape } from '../../graph/tensor-storage.ts';

/** `[n, height, width, channels]` of the model's input, -1 where the model takes any size. */
export interface ModelInputInfo {
  readonly dims: readonly [n: number, height: number, width: number, channels: number];
  readonly dtype: DataType;
}

/** Size of the model's output in pixels. */
export interface ModelOutputInfo {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** How many names a message lists. */
const maximumNames = 12;

function isPlaceholder(node: GraphNode): boolean {
  return node.op === 'Placeholder' || node.op === 'PlaceholderV2' || node.op === 'PlaceholderWithDefault';
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'the model has none';
  const shown = names.slice(0, maximumNames).map((name) => `'${name}'`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/**
 * The node that a user's name means: a node's name with or without `:0`, or a name of the model's signature.
 *
 * @returns the name of a node of the graph, without output index; undefined where there is none.
 */
function findName(graph: Graph, name: string, side: 'inputs' | 'outputs'): string | undefined {
  const names = new Set(graph.nodes.map((node) => node.name));
  const signature = graph.signature[side];
  const candidates = [name, Object.hasOwn(signature, name) ? signature[name]! : name];
  for (const candidate of candidates) {
    if (names.has(candidate)) return candidate;
    const reference = parseReference(candidate);
    if (!reference.control && reference.output === 0 && names.has(reference.name)) return reference.name;
  }
  return undefined;
}

/**
 * Resolves the value of the option `input`.
 *
 * @throws DnnError `EINVAL` listing the inputs that exist.
 */
export function resolveInputName(graph: Graph, name: string): string {
  const found = findName(graph, name, 'inputs');
  if (found !== undefined) return found;
  const inputs = [
    ...new Set([
      ...Object.keys(graph.signature.inputs),
      ...graph.nodes.filter(isPlaceholder).map((node) => node.name),
    ]),
  ];
  throw new DnnError(
    'EINVAL',
    `option input: the model has no input '${name}'; its inputs are: ${listNames(inputs)}`,
    {
      option: 'input',
      name,
      candidates: inputs,
    },
  );
}

/**
 * Resolves one name of the option `output`.
 *
 * @throws DnnError `EINVAL` listing the outputs that exist: signature names, then
 * nodes that no other node consumes.
 */
export function resolveOutputName(graph: Graph, name: string): string {
  const found = findName(graph, name, 'outputs');
  if (found !== undefined) return found;
  const outputs = [...new Set([...Object.keys(graph.signature.outputs), ...sinksOf(graph)])];
  throw new DnnError(
    'EINVAL',
    `option output: the model has no node '${name}'; its outputs are: ${listNames(outputs)}`,
    { option: 'output', name, candidates: outputs },
  );
}

/** The nodes that a signature names, each once, in its order. */
function signatureNodes(graph: Graph, side: 'inputs' | 'outputs'): string[] {
  const found = Object.keys(graph.signature[side]).map((name) => findName(graph, name, side));
  return [...new Set(found.filter((name) => name !== undefined))];
}

/**
 * The node of the one input where the option `input` is left out.
 *
 * @throws DnnError `EINVAL` listing the inputs where there are several, or none.
 */
export function findInput(graph: Graph): string {
  const signed = signatureNodes(graph, 'inputs');
  const inputs = signed.length > 0 ? signed : graph.nodes.filter(isPlaceholder).map(({ name }) => name);
  const [only] = inputs;
  if (only !== undefined && inputs.length === 1) return only;
  throw new DnnError(
    'EINVAL',
    `option input is left out, and the model does not have one input only (${listNames(inputs)}): write input=NAME`,
    { option: 'input', candidates: inputs },
  );
}

/**
 * The nodes of all outputs where the option `output` is left out: those of the signature, else the nodes that
 * no other node consumes.
 */
export function findOutputs(graph: Graph): string[] {
  const signed = signatureNodes(graph, 'outputs');
  return signed.length > 0 ? signed : sinksOf(graph);
}

/** Nodes that no other node consumes. */
function sinksOf(graph: Graph): string[] {
  const consumers = consumersByName(graph);
  return graph.nodes
    .filter((node) => !consumers.has(node.name) && node.op !== 'Const' && !isPlaceholder(node))
    .map(({ name }) => name);
}

/**
 * What the model takes.
 *
 * @param name as the user wrote it: with or without `:0`, or a signature name.
 * @throws DnnError `EINVAL` for an unknown name, with the names that exist; `DNN_GENERIC_ERROR` for an input
 *   that does not have 4 dimensions (get_input_tf), or whose rank is not known.
 */
export function getInput(graph: Graph, name: string): ModelInputInfo {
  const resolved = resolveInputName(graph, name);
  const node = graph.nodes.find((candidate) => candidate.name === resolved)!;
  const shape = inferShapes(graph).shapeOf(resolved);
  if (shape?.length !== 4) {
    throw new DnnError(
      'DNN_GENERIC_ERROR',
      `option input: '${name}' has the shape ${formatShape(shape)}, but a filter feeds 4 dimensions ` +
        '[n, height, width, channels]; export the model with such an input',
      { option: 'input', name, layer: resolved },
    );
  }
  const [n, height, width, channels] = shape as [number, number, number, number];
  const dtype = typeAttr(node, 'dtype') ?? typeAttr(node, 'T') ?? 'float32';
  return { dims: [n, height, width, channels], dtype };
}

/**
 * The size of an output for frames of a given size, by shape inference. Like get_output_tf it asks with one
 * image and reads dimensions 1, 2 and 3 as height, width and channels.
 *
 * @param width of the frame in pixels.
 * @throws DnnError `EINVAL` for unknown names, or where the model cannot take this size (naming the node);
 *   `DNN_GENERIC_ERROR` where the output does not have 4 dimensions or its size
 *   cannot be known, naming the op.
 */
export function getOutput(
  graph: Graph,
  inputName: string,
  outputName: string,
  width: number,
  height: number,
): ModelOutputInfo {
  const input = resolveInputName(graph, inputName);
  const output = resolveOutputName(graph, outputName);
  const { dims } = getInput(graph, inputName);
  const inferred = inferShapes(graph, { [input]: [dims[0] < 0 ? 1 : dims[0], height, width, dims[3]] });
  const shape = inferred.shapeOf(output);
  const details = { option: 'output', name: outputName, layer: output };
  if (shape !== null && shape.length !== 4) {
    throw new DnnError(
      'DNN_GENERIC_ERROR',
      `option output: '${outputName}' has the shape ${formatShape(shape)}, but a picture has 4 dimensions ` +
        '[n, height, width, channels]; choose another output',
      details,
    );
  }
  const [, outputHeight, outputWidth, channels] = shape ?? [-1, -1, -1, -1];
  if (outputHeight! < 0 || outputWidth! < 0 || channels! < 0) {
    const stopped = inferred.whereItStopped(output);
    const where = stopped === undefined ? 'its graph' : `node '${stopped.name}' (${stopped.op})`;
    throw new DnnError(
      'DNN_GENERIC_ERROR',
      `option output: the size of '${outputName}' for ${width}x${height} frames is not known: ${where} gives a size ` +
        'that cannot be told before the network runs',
      { ...details, stoppedAt: stopped?.name, op: stopped?.op },
    );
  }
  return { width: outputWidth!, height: outputHeight!, channels: channels! };
}
