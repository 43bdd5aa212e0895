/** A slow executor of graphs, for tests that compare a graph before and after a pass. */
import type { Graph, GraphNode, Tensor } from './graph.ts';
import { dataInputs, floatAttr, intAttr, intsAttr, stringAttr, stringsAttr } from './node-attrs.ts';
import { formatReference, parseReference } from './node-reference.ts';
import { elementCount } from './tensor-storage.ts';
import { inferShapes } from './infer-shapes.ts';
import { RuleContext } from './shapes/rule-context.ts';
import { topologicalOrder } from './topological-order.ts';
import { evaluate } from './values/evaluate.ts';
import type { KnownValue } from './values/known-value.ts';

type Kernel = (node: GraphNode, inputs: readonly KnownValue[], shape: readonly number[]) => number[];

const activations: Readonly<Record<string, (value: number, alpha: number) => number>> = {
  Relu: (value) => Math.max(value, 0),
  Relu6: (value) => Math.min(Math.max(value, 0), 6),
  Elu: (value) => (value >= 0 ? value : Math.expm1(value)),
  Tanh: Math.tanh,
  Sigmoid: (value) => 1 / (1 + Math.exp(-value)),
  LeakyRelu: (value, alpha) => (value >= 0 ? value : alpha * value),
};

function at(value: KnownValue, ...position: number[]): number {
  let index = 0;
  for (const [axis, at] of position.entries()) {
    if (at < 0 || at >= value.shape[axis]!) return 0;
    index = index * value.shape[axis]! + at;
  }
  return value.data[index]!;
}

/** Calls `compute` for each position of a shape of rank 4. */
function fill(
  shape: readonly number[],
  compute: (n: number, y: number, x: number, c: number) => number,
): number[] {
  const [count, height, width, channels] = shape as [number, number, number, number];
  const data: number[] = [];
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) data.push(compute(n, y, x, c));
    }
  }
  return data;
}

function convolve(
  node: GraphNode,
  inputs: readonly KnownValue[],
  shape: readonly number[],
  depthwise: boolean,
): number[] {
  const [input, filter, bias] = inputs as [KnownValue, KnownValue, KnownValue | undefined];
  const [, strideY = 1, strideX = 1] = intsAttr(node, 'strides');
  const [, dilationY = 1, dilationX = 1] = intsAttr(node, 'dilations');
  const [rows, columns, depth, times] = filter.shape as [number, number, number, number];
  const same = stringAttr(node, 'padding', '') === 'SAME';
  const before = (size: number, output: number, kernel: number, stride: number, dilation: number): number =>
    same ? Math.floor(Math.max((output - 1) * stride + (kernel - 1) * dilation + 1 - size, 0) / 2) : 0;
  const top = before(input.shape[1]!, shape[1]!, rows, strideY, dilationY);
  const left = before(input.shape[2]!, shape[2]!, columns, strideX, dilationX);
  const [, activation] = stringsAttr(node, 'fused_ops');
  const alpha = floatAttr(node, 'leakyrelu_alpha', 0.2);
  return fill(shape, (n, y, x, c) => {
    let sum = bias?.data[c] ?? 0;
    for (let ky = 0; ky < rows; ky++) {
      for (let kx = 0; kx < columns; kx++) {
        const corner = [n, y * strideY + ky * dilationY - top, x * strideX + kx * dilationX - left] as const;
        if (depthwise) {
          sum +=
            at(input, ...corner, Math.floor(c / times)) *
            at(filter, ky, kx, Math.floor(c / times), c % times);
        } else {
          for (let k = 0; k < depth; k++) sum += at(input, ...corner, k) * at(filter, ky, kx, k, c);
        }
      }
    }
    return activation === undefined ? sum : activations[activation]!(sum, alpha);
  });
}

const batchNorm: Kernel = (node, inputs) => {
  const [input, gamma, beta, mean, variance] = inputs as [KnownValue, ...KnownValue[]];
  const epsilon = floatAttr(node, 'epsilon', 1e-4);
  return Array.from(input.data, (value, index) => {
    const c = index % gamma!.data.length;
    const normal = (value - mean!.data[c]!) / Math.sqrt(variance!.data[c]! + epsilon);
    return gamma!.data[c]! * normal + beta!.data[c]!;
  });
};

const spaceToBatch: Kernel = (_node, [input, block, paddings], shape) => {
  const [by, bx] = block!.data as unknown as [number, number];
  return fill(shape, (n, y, x, c) => {
    const images = input!.shape[0]!;
    const phase = Math.floor(n / images);
    const row = y * by + Math.floor(phase / bx) - paddings!.data[0]!;
    return at(input!, n % images, row, x * bx + (phase % bx) - paddings!.data[2]!, c);
  });
};

const batchToSpace: Kernel = (_node, [input, block, crops], shape) => {
  const [by, bx] = block!.data as unknown as [number, number];
  return fill(shape, (n, y, x, c) => {
    const [row, column] = [y + crops!.data[0]!, x + crops!.data[2]!];
    const phase = (row % by) * bx + (column % bx);
    return at(input!, phase * shape[0]! + n, Math.floor(row / by), Math.floor(column / bx), c);
  });
};

const depthToSpace: Kernel = (node, [input], shape) => {
  const block = intAttr(node, 'block_size', 1);
  return fill(shape, (n, y, x, c) => {
    const phase = (y % block) * block + (x % block);
    return at(input!, n, Math.floor(y / block), Math.floor(x / block), phase * shape[3]! + c);
  });
};

/** Mirrors without repeating the edge (REFLECT). */
const mirrorPad: Kernel = (_node, [input, paddings], shape) => {
  const back = (index: number, size: number): number =>
    index < 0 ? -index : index >= size ? 2 * size - 2 - index : index;
  return fill(shape, (n, y, x, c) =>
    at(
      input!,
      n,
      back(y - paddings!.data[2]!, input!.shape[1]!),
      back(x - paddings!.data[4]!, input!.shape[2]!),
      c,
    ),
  );
};

const kernels: Readonly<Record<string, Kernel>> = {
  Conv2D: (node, inputs, shape) => convolve(node, inputs, shape, false),
  _FusedConv2D: (node, inputs, shape) => convolve(node, inputs, shape, false),
  DepthwiseConv2dNative: (node, inputs, shape) => convolve(node, inputs, shape, true),
  FusedDepthwiseConv2dNative: (node, inputs, shape) => convolve(node, inputs, shape, true),
  BiasAdd: (_node, [input, bias], shape) =>
    Array.from(input!.data, (value, index) => value + bias!.data[index % shape.at(-1)!]!),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV3: batchNorm,
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
  DepthToSpace: depthToSpace,
  MirrorPad: mirrorPad,
  ...Object.fromEntries(
    Object.entries(activations).map(([op, compute]): [string, Kernel] => [
      op,
      (node, [input]) => Array.from(input!.data, (value) => compute(value, floatAttr(node, 'alpha', 0.2))),
    ]),
  ),
};

/** Runs a graph. @throws Error for an op that neither this file nor constant folding knows. */
export function runGraph(graph: Graph, feeds: Readonly<Record<string, Tensor>>, output: string): KnownValue {
  const sizes = Object.fromEntries(Object.entries(feeds).map(([name, { shape }]) => [name, shape]));
  const inferred = inferShapes(graph, sizes);
  const values = new Map<string, KnownValue>();
  const get = (reference: string): KnownValue => values.get(formatReference(...pair(reference)))!;
  for (const node of topologicalOrder(graph)) {
    const feed = feeds[node.name];
    if (feed !== undefined) {
      values.set(node.name, { dtype: feed.dtype, shape: feed.shape, data: feed.data as ArrayLike<number> });
      continue;
    }
    const inputs = dataInputs(node).map(get);
    const shape = inferred.shapeOf(node.name) ?? [];
    const kernel = kernels[node.op];
    if (kernel !== undefined) {
      values.set(node.name, {
        dtype: 'float32',
        shape,
        data: Float32Array.from(kernel(node, inputs, shape)),
      });
      continue;
    }
    const shapes = [0, 1, 2, 3].map((index) => inferred.shapeOf(formatReference(node.name, index)));
    const outputs = shapes.filter((entry, index) => index === 0 || entry !== null);
    const context = new RuleContext(
      node,
      inputs.map((value) => value.shape),
      inputs,
    );
    const results = evaluate(context, outputs, Infinity);
    for (const [index, result] of (results ?? []).entries()) {
      if (result !== undefined) values.set(formatReference(node.name, index), result);
    }
    if (!values.has(node.name)) throw new Error(`no kernel for '${node.name}' (${node.op})`);
  }
  const value = get(output);
  if (value.data.length !== elementCount(value.shape)) throw new Error(`'${output}' has the wrong size`);
  return value;
}

function pair(reference: string): [string, number] {
  const { name, output } = parseReference(reference);
  return [name, output];
}

/** A picture batch of a fixed pattern with values of both signs. */
export function pictures(n: number, height: number, width: number, channels: number): Tensor {
  const data = Float32Array.from(
    { length: n * height * width * channels },
    (_, index) => ((index * 71) % 97) / 48 - 1,
  );
  return { dtype: 'float32', shape: [n, height, width, channels], data };
}
