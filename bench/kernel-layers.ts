/** The layers that the kernels are measured with: those of the networks that the backends are compared on. */
import type { Tensor } from '../src/graph/graph.ts';
import { opNode } from '../src/graph/node-builder.ts';
import type { ImageSize, LayerSpec } from '../src/backends/native/lowering/layer-spec.ts';

/** A convolution over whole images, at the edge over zeros. */
export interface KernelLayer {
  readonly name: string;
  readonly op: 'Conv2D' | 'DepthwiseConv2dNative';
  /** Rows and columns of the window. */
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly dilation: number;
}

/** Size of all images. */
const size = { height: 240, width: 360 };

function conv(kernel: number, inputs: number, outputs: number, dilation = 1): KernelLayer {
  const dilated = dilation === 1 ? '' : ` dilation ${dilation}`;
  const name = `${kernel}x${kernel} ${inputs}→${outputs}${dilated}`;
  return { name, op: 'Conv2D', kernel, inputs, outputs, dilation };
}

/** The layer that has a bound. */
export const referenceLayer = conv(3, 64, 32);

/** All of them. */
export const kernelLayers: readonly KernelLayer[] = [
  referenceLayer,
  conv(5, 1, 64),
  conv(9, 1, 64),
  conv(3, 32, 4),
  conv(5, 32, 1),
  conv(3, 3, 24),
  conv(3, 24, 24),
  conv(3, 24, 24, 4),
  conv(1, 64, 32),
  { name: 'depthwise 3x3 32', op: 'DepthwiseConv2dNative', kernel: 3, inputs: 32, outputs: 32, dilation: 1 },
];

/** The layer with random weights and a bias, without activation: the sums alone are measured. */
export function kernelLayerSpec({ name, op, kernel, inputs, outputs, dilation }: KernelLayer): LayerSpec {
  const depthwise = op === 'DepthwiseConv2dNative';
  const shape = [kernel, kernel, inputs, depthwise ? 1 : outputs];
  const image = (channels: number): ImageSize => ({ ...size, channels });
  return {
    node: opNode(name, op, ['x', 'weights'], {
      strides: [1, 1, 1, 1],
      dilations: [1, dilation, dilation, 1],
      padding: 'SAME',
    }),
    inputs: [image(inputs)],
    constants: new Map([[1, randomTensor(shape)]]),
    output: image(outputs),
    epilogue: { bias: randomTensor([outputs]).data, activation: { kind: 'none' }, residual: undefined },
  };
}

function randomTensor(shape: readonly number[]): Tensor & { readonly data: Float32Array } {
  const count = shape.reduce((product, length) => product * length, 1);
  return { dtype: 'float32', shape, data: Float32Array.from({ length: count }, () => Math.random() - 0.5) };
}
