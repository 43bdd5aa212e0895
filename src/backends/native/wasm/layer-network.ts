/** A network of layers that are made, ready to be planned. */
import type { ImageSize } from '../lowering/layer-spec.ts';
import type { TensorId } from '../lowering/network.ts';
import type { Layer } from './layer.ts';

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
