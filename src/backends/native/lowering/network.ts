/** A network as it is lowered: the specifications of its layers, and which tensor each reads and writes. */
import type { Tensor } from '../../../graph/graph.ts';
import type { ImageSize, LayerSpec } from './layer-spec.ts';

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
