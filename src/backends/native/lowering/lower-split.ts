/** Lowers Split, SplitV and Unpack to one Slice an output. */
import type { GraphNode, Tensor } from '../../../graph/graph.ts';
import type { InferredShapes } from '../../../graph/infer-shapes.ts';
import { dataInputs, intAttr } from '../../../graph/node-attrs.ts';
import { formatReference } from '../../../graph/node-reference.ts';
import { isFullyKnown } from '../../../graph/tensor-storage.ts';

/** The ops that are lowered here. */
export const splitOps: ReadonlySet<string> = new Set(['Split', 'SplitV', 'Unpack']);

/** One output of a split as a node of its own. */
export interface SplitPart {
  /** The output that it gives. */
  readonly reference: string;
  /** A Slice: input, begin, size. */
  readonly slice: GraphNode;
  /** The shape that it gives; the output of an Unpack has one axis less. */
  readonly shape: readonly number[];
  /** Begin and size, by input index. */
  readonly constants: ReadonlyMap<number, Tensor>;
}

/** @returns undefined where the axis or the sizes are not known. */
export function lowerSplit(node: GraphNode, shapes: InferredShapes): SplitPart[] | undefined {
  const inputs = dataInputs(node);
  const input = inputs[node.op === 'Split' ? 1 : 0]!;
  const shape = shapes.shapeOf(input);
  const given =
    node.op === 'Unpack'
      ? intAttr(node, 'axis', 0)
      : shapes.valueOf(inputs[node.op === 'Split' ? 0 : 2]!)?.data[0];
  if (!isFullyKnown(shape) || given === undefined || Number.isNaN(given)) return undefined;
  const axis = given < 0 ? given + shape.length : given;
  const parts: SplitPart[] = [];
  let first = 0;
  for (let index = 0; ; index++) {
    const reference = formatReference(node.name, index);
    const given = shapes.shapeOf(reference);
    if (given === null) return parts;
    if (!isFullyKnown(given)) return undefined;
    const size = node.op === 'Unpack' ? given.toSpliced(axis, 0, 1) : given;
    const ints = (values: number[]): Tensor => ({
      dtype: 'int32',
      shape: [values.length],
      data: Int32Array.from(values),
    });
    const begin = shape.map((_, at) => (at === axis ? first : 0));
    const constants = new Map([
      [1, ints(begin)],
      [2, ints([...size])],
    ]);
    const slice: GraphNode = { name: reference, op: 'Slice', inputs: [input, 'begin', 'size'], attrs: {} };
    parts.push({ reference, slice, shape: size, constants });
    first += size[axis]!;
  }
}
