/** A layer of a `.model` file as nodes of a Graph that compute the same numbers. */
import type { GraphNode, Tensor } from '../../graph/graph.ts';
import { constNode, floatNode, tensorOf, type ShortAttrs } from '../../graph/node-builder.ts';
import type { ConvLayer, NativeLayer } from './native-model.ts';
import { leakyAlpha } from './native-model.ts';

/** Gives nodes their names: the last one of a layer has the layer's own, the others stand below it. */
export interface NodeNames {
  /** Name of the layer's result. */
  readonly result: string;
  /** Name for a node inside the layer; never given twice. */
  inner(label: string): string;
}

/** Weights `[out][ky][kx][in]` as a constant `[ky, kx, in, out]`. */
function kernelTensor(data: Float32Array, size: number, inChannels: number, outChannels: number): Tensor {
  const perOutput = size * size * inChannels;
  const moved = new Float32Array(data.length);
  for (let out = 0; out < outChannels; out++) {
    for (let tap = 0; tap < perOutput; tap++) moved[tap * outChannels + out] = data[out * perOutput + tap]!;
  }
  return { dtype: 'float32', shape: [size, size, inChannels, outChannels], data: moved };
}

/**
 * How a convolution reads beyond its input: rows and columns before and after, or a padding of TensorFlow's.
 */
export interface ConvPadding {
  readonly padding: 'VALID' | 'SAME' | 'EXPLICIT';
  readonly before: number;
  readonly after: number;
}

/**
 * The native backend looks `k >> 1` pixels back, and VALID drops `(k - 1) div 2` on every side
 * (dnn_backend_native_layer_conv2d.c · dnn_execute_layer_conv2d): for even kernels TensorFlow does neither.
 */
export function convPadding(layer: Pick<ConvLayer, 'kernelSize' | 'dilation' | 'padding'>): ConvPadding {
  const { kernelSize, dilation, padding } = layer;
  const radius = kernelSize >> 1;
  const dropped = padding === 'VALID' ? (kernelSize - 1) >> 1 : 0;
  const before = (radius - dropped) * dilation;
  const after = (kernelSize - 1 - radius - dropped) * dilation;
  if (padding === 'VALID' && before === 0) return { padding: 'VALID', before, after };
  if (padding === 'SAME' && kernelSize % 2 === 1) return { padding: 'SAME', before, after };
  return { padding: 'EXPLICIT', before, after };
}

/** Repeats edge pixels; one row around is what MirrorPad does, which every backend has. */
function edgeNodes(names: NodeNames, input: string, before: number, after: number): GraphNode[] {
  const amounts = [0, 0, before, after, before, after, 0, 0];
  const name = names.inner('EdgePad');
  if (Math.max(before, after) > 1) {
    return [floatNode(name, 'EdgePad', [input], { paddings: amounts })];
  }
  const constant = constNode(names.inner('paddings'), tensorOf('int32', amounts, [4, 2]));
  return [constant, floatNode(name, 'MirrorPad', [input, constant.name], { mode: 'SYMMETRIC' })];
}

type Weighted = Extract<NativeLayer, { kind: 'conv2d' | 'dense' }>;

/** Convolution, bias and activation; a dense layer is a convolution of one pixel. */
function weightedNodes(layer: Weighted, names: NodeNames, input: string): GraphNode[] {
  const isConv = layer.kind === 'conv2d';
  const size = isConv ? layer.kernelSize : 1;
  const dilation = isConv ? layer.dilation : 1;
  const edges: ConvPadding = isConv ? convPadding(layer) : { padding: 'VALID', before: 0, after: 0 };
  const clamps = isConv && layer.padding === 'SAME_CLAMP_TO_EDGE';
  const nodes = clamps && size > 1 ? edgeNodes(names, input, edges.before, edges.after) : [];
  const isActive = layer.activation !== 'NONE';
  const convName = layer.bias === undefined && !isActive ? names.result : names.inner('Conv2D');
  const kernel = constNode(
    names.inner('kernel'),
    kernelTensor(layer.kernel, size, layer.inChannels, layer.outChannels),
  );
  const { before, after } = edges;
  const explicit: ShortAttrs =
    !clamps && edges.padding === 'EXPLICIT'
      ? { explicit_paddings: [0, 0, before, after, before, after, 0, 0] }
      : {};
  const convolution = floatNode(convName, 'Conv2D', [nodes.at(-1)?.name ?? input, kernel.name], {
    strides: [1, 1, 1, 1],
    dilations: [1, dilation, dilation, 1],
    padding: clamps ? 'VALID' : edges.padding,
    data_format: 'NHWC',
    ...explicit,
  });
  nodes.push(kernel, convolution);
  if (layer.bias !== undefined) {
    const bias: Tensor = { dtype: 'float32', shape: [layer.outChannels], data: layer.bias };
    const constant = constNode(names.inner('bias'), bias);
    const name = isActive ? names.inner('BiasAdd') : names.result;
    nodes.push(constant, floatNode(name, 'BiasAdd', [convName, constant.name], { data_format: 'NHWC' }));
  }
  if (isActive) {
    const attrs = layer.activation === 'LeakyRelu' ? { alpha: { f: leakyAlpha } } : {};
    nodes.push(floatNode(names.result, layer.activation, [nodes.at(-1)!.name], attrs));
  }
  return nodes;
}

/**
 * The nodes of one layer, producers first; the last one is the layer's result.
 *
 * @param inputs names of the nodes that hold the layer's operands, in the order of `layer.inputs`.
 */
export function layerNodes(layer: NativeLayer, names: NodeNames, inputs: readonly string[]): GraphNode[] {
  const input = inputs[0]!;
  const single = (op: string, attrs: ShortAttrs): GraphNode[] => [
    floatNode(names.result, op, [input], attrs),
  ];
  const withConstant = (constant: GraphNode, op: string, attrs: ShortAttrs): GraphNode[] => [
    constant,
    floatNode(names.result, op, [input, constant.name], attrs),
  ];
  switch (layer.kind) {
    case 'conv2d':
    case 'dense':
      return weightedNodes(layer, names, input);
    case 'depth_to_space':
      return single('DepthToSpace', { block_size: layer.blockSize, data_format: 'NHWC' });
    case 'mirror_pad': {
      const constant = constNode(names.inner('paddings'), tensorOf('int32', layer.paddings, [4, 2]));
      return withConstant(constant, 'MirrorPad', { mode: layer.mode });
    }
    case 'maximum': {
      const constant = constNode(names.inner('y'), tensorOf('float32', layer.y));
      return withConstant(constant, 'FFmpegMaximum', {});
    }
    case 'math_binary': {
      const constants: GraphNode[] = [];
      let next = 0;
      // FFmpeg compares a constant with the operand, on whichever side it stands.
      const isTurned = layer.op === 'FFmpegMinimum' && 'operand' in layer.sides[0];
      const sides = (isTurned ? layer.sides.toReversed() : layer.sides).map((side) => {
        if ('operand' in side) return inputs[next++]!;
        constants.push(constNode(names.inner('constant'), tensorOf('float32', side.constant)));
        return constants[0]!.name;
      });
      return [...constants, floatNode(names.result, layer.op, sides)];
    }
    case 'math_unary':
      return single(layer.op, {});
    case 'avg_pool':
      return single('AvgPool', {
        ksize: [1, layer.kernelSize, layer.kernelSize, 1],
        strides: [1, layer.stride, layer.stride, 1],
        padding: layer.padding,
        data_format: 'NHWC',
      });
  }
}
