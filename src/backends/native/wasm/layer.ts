/**
 * The contract between the planner and the layers on the kernels of wasm/; the role of LayerFunc in
 * libavfilter/dnn/dnn_backend_native_layers.h.
 *
 * A layer computes any rows of its output from the rows of its inputs that they need, for one image at a
 * time. Which rows it is asked for never changes a bit of them, so a network can be run in horizontal strips,
 * top to bottom, with only the rows in memory that are still needed.
 */
import type { RowRange } from '../../../dnn/contract/interface.ts';
import type { ImageSize, LayerSpec } from '../lowering/layer-spec.ts';
import type { KernelExports } from './kernel-exports.ts';

/**
 * Rows of one image in the kernels' memory: `rows` rows of `width * channels` float32 values
 * from row `firstRow` of the image on, at byte address `pointer`, row-major and tightly
 * packed. The address is a multiple of 16.
 */
export interface RowBand {
  readonly pointer: number;
  readonly firstRow: number;
  readonly rows: number;
}

export type { RowRange };

/** Which convolution kernels may be chosen: `backend_configs=kernels=…`. */
export type KernelChoice = 'auto' | 'direct' | 'winograd';

/** Constant data for the kernels. */
export type KernelData = Float32Array | Int32Array;

/** What a layer is made with. */
export interface LayerContext {
  readonly kernels: KernelExports;
  readonly kernelChoice: KernelChoice;
  /**
   * Copies constant data into the kernels' memory for as long as the model lives.
   *
   * @param data or what makes it, where that takes time: it is not called while a model is only looked at.
   * @returns its byte address, a multiple of 16; behind the data there are 64 readable bytes.
   */
  upload(data: KernelData | (() => KernelData)): number;
}

/** One step of a network, ready to run. Its weights lie in the kernels' memory. */
export interface Layer {
  readonly output: ImageSize;
  /**
   * Rows are computed in groups of this many, counted from row 0: `run` is asked for whole groups only, but
   * for the last one of the image. 1 for most layers, the height of a tile for Winograd.
   */
  readonly rowGroup: number;
  /** Multiply-adds of a whole image. */
  readonly multiplyAdds: number;
  /**
   * The rows of an input that output rows `from` … `to - 1` are computed from; empty where none are needed.
   */
  inputRows(input: number, from: number, to: number): RowRange;
  /** Bytes that `run` needs for itself for up to `rows` output rows. */
  scratchBytes(rows: number): number;
  /**
   * Computes output rows `from` … `to - 1`. The bands hold at least the rows that `inputRows`
   * names, and room for the output rows.
   *
   * @param scratch byte address of `scratchBytes` bytes, a multiple of 16; its content is undefined.
   */
  run(inputs: readonly RowBand[], output: RowBand, from: number, to: number, scratch: number): void;
}

/**
 * Makes the layer of one op.
 *
 * @throws DnnError `ENOSYS` naming op, node and attribute where the kernels cannot do what the node asks for;
 *   `EINVAL` for weights that contradict the sizes.
 */
export type LayerFactory = (spec: LayerSpec, context: LayerContext) => Layer;
