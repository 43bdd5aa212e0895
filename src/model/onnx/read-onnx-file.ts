/** An ONNX model as ONNX Runtime runs it: its files, and what it says of its inputs and outputs. */
import type { DataType, Graph, GraphNode } from '../../graph/graph.ts';
import { labelsOfMetadata } from '../labels.ts';
import type { ReadFile } from '../model-format.ts';
import { opNode, placeholderNode } from '../../graph/node-builder.ts';
import { elementTypeOf } from './proto/element-types.ts';
import { readExternalFiles } from './proto/external-data.ts';
import { readModelProto } from './proto/read-model-proto.ts';
import type { ValueInfo } from './proto/onnx-messages.ts';

/** The op of an output of the outline: what computes it is not known here. */
export const opaqueOp = 'OnnxOutput';

export interface ReadOnnxFile {
  /**
   * Inputs as placeholders, and each output as one node of them: a Graph for whoever asks for names and sizes
   * only. Sizes are what the model declares; those that are called as sizes of the first input are the same.
   */
  readonly outline: Graph;
  /** The files of weights, by the names that the model calls them by. */
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** Names of the classes, where the file has them. */
  readonly labels?: readonly string[];
}

/**
 * @param path of the .onnx; external data is read from the same folder.
 * @throws DnnError `EINVAL` for a damaged file, with the byte offset; `ENOENT` for a missing file of weights.
 */
export async function readOnnxFile(
  bytes: Uint8Array,
  path: string,
  readFile: ReadFile,
): Promise<ReadOnnxFile> {
  const model = readModelProto(bytes, path);
  const external = await readExternalFiles(model, path, readFile);
  const labels = labelsOfMetadata(model.metadata.get('names') ?? '');
  const { initializers, inputs, outputs } = model.graph;
  const constants = new Set(initializers.map(({ name }) => name));
  const fed = inputs.filter(({ name }) => !constants.has(name));
  const names = fed.map(({ name }) => name);
  const nodes = [
    ...fed.map(({ name, dataType, shape }) => placeholderNode(name, shape, typeOf(dataType))),
    // An output may be an input, handed on.
    ...outputs.filter(({ name }) => !names.includes(name)).map((info) => outputNode(info, fed)),
  ];
  const signed = (values: readonly ValueInfo[]) => Object.fromEntries(values.map(({ name }) => [name, name]));
  return {
    outline: { nodes, signature: { inputs: signed(fed), outputs: signed(outputs) } },
    ...(labels === undefined ? {} : { labels }),
    external: [...external].map(([file, data]) => ({ path: file, data })),
  };
}

function outputNode(
  { name, dataType, shape, sizeNames }: ValueInfo,
  inputs: readonly ValueInfo[],
): GraphNode {
  // Of the first input's dimensions: -1 where none is called the same.
  const like = sizeNames.map((size) => (size === '' ? -1 : (inputs[0]?.sizeNames.indexOf(size) ?? -1)));
  const attrs = { dtype: { type: typeOf(dataType) }, shape: { shape }, like };
  const from = inputs.map((input) => input.name);
  return opNode(name, opaqueOp, from, attrs);
}

/** Of a type that is not read here nothing is computed here, either. */
const typeOf = (dataType: number): DataType => elementTypeOf(dataType)?.type ?? 'float32';
