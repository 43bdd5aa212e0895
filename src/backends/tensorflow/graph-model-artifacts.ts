/**
 * Turns a Graph into what tfjs-converter's `loadGraphModel` reads: a topology in
 * JSON and one block of weights.
 */
import type { io } from '@tensorflow/tfjs-core';
import { DnnError } from '../../base/errors.ts';
import type { GraphFunction, GraphNode, Tensor } from '../../graph/graph.ts';
import { jsonFunction, runnableFunction } from './json-library.ts';
import { jsonNode } from './json-node.ts';
import { wrapNarrowIntegers } from './wrap-narrow-integers.ts';

/**
 * Model artifacts of these nodes, for `io.fromMemory`. The weights are copied
 * out of the nodes' Const tensors.
 *
 * @param nodes closed under inputs, except for `input`, which is fed and becomes a node without inputs.
 * @param functions all that the nodes call.
 */
export function graphModelArtifacts(
  nodes: readonly GraphNode[],
  input: string,
  functions: readonly GraphFunction[] = [],
): io.ModelArtifacts {
  const library = functions.map(runnableFunction);
  const constants = [...nodes, ...library.flatMap((entry) => entry.nodes)].flatMap((node) => {
    const value = node.op === 'Const' ? node.attrs.value : undefined;
    return value !== undefined && 'tensor' in value ? [{ name: node.name, tensor: value.tensor }] : [];
  });
  return {
    format: 'graph-model',
    modelTopology: {
      node: wrapNarrowIntegers(nodes).map((node) =>
        jsonNode(node.name === input ? { ...node, inputs: [] } : node),
      ),
      library: { function: library.map(jsonFunction) },
      versions: { producer: 0, minConsumer: 0 },
    },
    weightSpecs: constants.map(({ name, tensor }) => ({
      name,
      shape: [...tensor.shape],
      dtype: weightType(tensor),
    })),
    weightData: weightBlock(constants),
  };
}

/**
 * How the values lie in the weight block: what `decodeWeights` of tfjs-core
 * reads, 4 bytes each except for bool.
 */
function weightType({ dtype, data }: Tensor): 'float32' | 'int32' | 'bool' {
  if (data instanceof Float32Array) return 'float32';
  return dtype === 'bool' ? 'bool' : 'int32';
}

function weightBlock(constants: readonly { name: string; tensor: Tensor }[]): ArrayBuffer {
  const parts = constants.map(({ name, tensor }) => {
    const { data } = tensor;
    if (data instanceof Float32Array || data instanceof Int32Array) return asBytes(data);
    if (data instanceof Uint8Array) return tensor.dtype === 'bool' ? data : asBytes(Int32Array.from(data));
    throw new DnnError('ENOSYS', `model graph: Const '${name}' holds strings, which no kernel takes.`, {
      layer: name,
    });
  });
  const block = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    block.set(part, offset);
    offset += part.byteLength;
  }
  return block.buffer;
}

function asBytes(values: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
