/** What a graph is lowered to, one record a layer: any device can make its layers of these. */
import type { GraphNode, Tensor } from '../../../graph/graph.ts';

/**
 * Size of one image of a tensor: its shape without the batch. Lower ranks have leading ones:
 * `[n, c]` is 1xnxc.
 */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Shapes of tensors as the graph has them, the batch included. */
export interface TensorShapes {
  /** In the order of the layer's inputs. */
  readonly inputs: readonly (readonly number[])[];
  /**
   * Of the values in the order in which the layer gives them: where a slice takes axes away, they are there
   * still, of size 1.
   */
  readonly output: readonly number[];
}

/** What a fused activation does to each value; `alpha` where it has one number, `slopes` one a channel. */
export type Activation =
  | { readonly kind: 'none' | 'relu' | 'relu6' | 'tanh' | 'sigmoid' | 'elu' | 'softplus' }
  /** v times a gate: its sigmoid, and those of the functions of these names. */
  | { readonly kind: 'silu' | 'hardswish' | 'gelu' | 'mish' }
  /** max(v, 0) + alpha * min(v, 0) */
  | { readonly kind: 'leaky'; readonly alpha: number }
  | { readonly kind: 'prelu'; readonly slopes: Float32Array }
  | { readonly kind: 'clip'; readonly min: number; readonly max: number }
  /** max(v, 0) and, behind all channels, max(-v, 0); only inside of Conv2D's layer. */
  | { readonly kind: 'both-signs' };

/**
 * What happens to a sum before it is stored: `activation(sum + bias) + residual`, or
 * `activation(sum + bias + residual)` where `residualFirst` is true.
 */
export interface Epilogue {
  /** One value an output channel. */
  readonly bias: Float32Array | undefined;
  readonly activation: Activation;
  /** Which of the layer's inputs is added at the end, pixel by pixel; it has the output's size. */
  readonly residual: number | undefined;
  readonly residualFirst?: boolean;
}

/** One step of a network, before it is made into a layer. */
export interface LayerSpec {
  /** The graph's node; of fused nodes the one that does the main work. */
  readonly node: GraphNode;
  /** The tensors that change from image to image, in the order of the node's inputs, a residual last. */
  readonly inputs: readonly ImageSize[];
  /**
   * Where the node's input 0 is several tensors with their channels side by side: how many of `inputs` these
   * are, from the first on; all have as many channels. Only for a Conv2D with a window of 1x1 and stride 1.
   */
  readonly joined?: number;
  /** By the node's input index: the value of an input that is a constant. */
  readonly constants: ReadonlyMap<number, Tensor>;
  readonly output: ImageSize;
  /**
   * Absent where every tensor is `[1, height, width, channels]`, or that without leading ones. An image of
   * any other shape has its last two axes as width and channels, and all others, multiplied, as height.
   */
  readonly shapes?: TensorShapes;
  /** For convolutions and dense layers only; others have neither bias nor activation fused. */
  readonly epilogue: Epilogue;
}
