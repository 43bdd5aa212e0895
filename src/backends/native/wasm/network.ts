/** A network of layers, ready to be planned: which tensor each layer reads and writes. */
import type { Tensor } from '../../../graph/graph.ts';
import type { ImageSize, Layer, LayerSpec } from './layer.ts';

/** Number of a tensor; 0 is the network's input, i + 1 the output of step i. */
export type TensorId = number;

/** A layer's specification with its place in the network. */
export interface NetworkStep {
  readonly spec: LayerSpec;
  /** In the order of `spec.inputs`. Producers have lower numbers than the step's own output. */
  readonly inputs: readonly TensorId[];
}

/** An output of the network: a tensor, or a constant. */
export type NetworkOutput =
  | { readonly tensor: TensorId; readonly size: ImageSize }
  | { readonly constant: Tensor; readonly size: ImageSize };

/** The steps of a network for one frame size, in topological order. */
export interface Network {
  readonly input: ImageSize;
  readonly steps: readonly NetworkStep[];
  readonly outputs: readonly NetworkOutput[];
}

/** A step whose layer has been made. */
export interface LayerStep {
  readonly layer: Layer;
  readonly inputs: readonly TensorId[];
}

/** What is planned: layers, the tensors that are read, and the size of the network's input. */
export interface LayerNetwork {
  readonly input: ImageSize;
  readonly steps: readonly LayerStep[];
  /** Tensors whose rows are handed out, without repetition. */
  readonly outputs: readonly TensorId[];
}

/** Size of a tensor. */
export function tensorSize(network: LayerNetwork, tensor: TensorId): ImageSize {
  return tensor === 0 ? network.input : network.steps[tensor - 1]!.layer.output;
}

/** Bytes of one row of a tensor. */
export function rowBytes({ width, channels }: ImageSize): number {
  return 4 * width * channels;
}
