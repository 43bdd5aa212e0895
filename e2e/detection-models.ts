/** Frozen graphs that detect and classify by arithmetic that can be done by hand. */
import { GraphDefWriter } from '../scripts/graphdef-writer.mjs';

/** One output of a model: a constant. */
export interface ConstantOutput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/**
 * A graph with the input `x` [1,-1,-1,3] whose outputs are constants, to which
 * nothing times the picture is added.
 */
export function constantModel(outputs: readonly ConstantOutput[]): Uint8Array {
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [1, -1, -1, 3]);
  const axes = graph.constant('axes', { shape: [3], ints: Int32Array.of(1, 2, 3) });
  const zero = graph.constant('zero', { shape: [], floats: Float32Array.of(0) });
  const brightest = graph.op('brightest', 'Max', [input, axes], { keep_dims: { b: false } });
  const nothing = graph.op('nothing', 'Mul', [brightest, zero]);
  for (const { name, shape, values } of outputs) {
    const constant = graph.constant(`${name}/value`, { shape, floats: Float32Array.from(values) });
    graph.op(name, 'AddV2', [constant, nothing]);
  }
  return graph.toBytes();
}

/**
 * SSD boxes as OpenVINO's DetectionOutput gives them: `[1, 1, N, 7]` of image,
 * label, confidence, x0, y0, x1, y1.
 */
export function ssdModel(rows: readonly (readonly number[])[]): Uint8Array {
  const values = rows.flatMap((row) => [0, ...row]);
  return constantModel([{ name: 'detection_out', shape: [1, 1, rows.length, 7], values }]);
}

/** Classifies a picture of 8x8 by its channels: `prob` is the mean of each of them, 0..1 with scale=255. */
export function meanColourModel(): Uint8Array {
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [-1, 8, 8, 3]);
  const axes = graph.constant('axes', { shape: [2], ints: Int32Array.of(1, 2) });
  graph.op('prob', 'Mean', [input, axes], { keep_dims: { b: false } });
  return graph.toBytes();
}
