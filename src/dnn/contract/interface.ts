/** The contract between filters, executor and backends; mirrors libavfilter/dnn_interface.h. */
import type { ModelLayout } from '../../graph/feed-channels-last.ts';
import type { Graph } from '../../graph/graph.ts';
import type { DNNCapabilities } from './backend.ts';
import type { DNNBackendType } from './backends.ts';

/** What a filter does with the model's result (DNNFunctionType). */
export type DNNFunctionType = 'process_frame' | 'analytics_detect' | 'analytics_classify';

/** A float tensor of `[n, height, width, channels]`, row-major and tightly packed. */
export interface DNNData {
  readonly data: Float32Array;
  readonly dims: readonly [n: number, height: number, width: number, channels: number];
}

/**
 * What `backend_configs=kernels=…` forces in the native backend: the build of
 * its kernels, or its convolutions.
 */
export type NativeKernels = 'auto' | 'simd' | 'relaxed' | 'direct' | 'winograd';

/** Size of an image in pixels and channels. */
export interface FrameSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Rows `from` … `to - 1` of an image, within 0 … height. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** What a backend is told to load. */
export interface DNNModelSpec {
  /** Optimised graph; its batch dimension is free where `batchFree` says so. */
  readonly graph: Graph;
  readonly batchFree: boolean;
  /** Node names without output index. */
  readonly input: string;
  readonly outputs: readonly string[];
  /** For the native backend only. */
  readonly kernels?: NativeKernels;
  /** What the onnx backend runs in place of the graph, which tells the sizes only. */
  readonly file?: OnnxFile;
}

/** A model of ONNX as its file has it. */
export interface OnnxFile {
  /** The ModelProto. */
  readonly bytes: Uint8Array;
  /** The files of weights beside it, by the names that it calls them by. */
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** The order of the dimensions of its input, and of results that are pictures. */
  readonly layout: ModelLayout;
  /** True where results of 4 dimensions are pictures: they are given with channels last. */
  readonly pictures: boolean;
}

/** A loaded model in an inference worker. */
export interface DNNModel {
  /**
   * Runs the network once and resolves to one tensor per output, in the order of the spec. The input stays
   * the caller's; the results are the caller's to keep (they are no views of the backend's own memory).
   *
   * @param spent results of an earlier call that the caller has done with: their
   * memory may be used for the new ones.
   * @throws DnnError `DNN_GENERIC_ERROR` where the backend fails, with its own words.
   */
  execute(input: DNNData, spent?: readonly DNNData[]): Promise<readonly DNNData[]>;
  /**
   * True where `executeBytes` can run frames of `size` into frames of `out`;
   * backends without it leave both out.
   */
  takesBytes?(size: FrameSize, out: FrameSize): Promise<boolean>;
  /**
   * Runs 8-bit images of `size` without a tensor of floats around them: bytes are 0 … 1 in
   * the network, in and out, as io-proc.ts converts. All arrays stay the caller's; `out`
   * has one for each image and is filled.
   *
   * @param rows computes only these rows of the results, with the same bits; `out` has room for them alone.
   *   Only where `rowShares` answered.
   */
  executeBytes?(
    images: readonly Uint8Array[],
    size: FrameSize,
    out: readonly Uint8Array[],
    rows?: RowRange,
  ): Promise<void>;
  /**
   * What each part of the rows of a result costs when it is computed alone, 1 being all rows: more than its
   * share of them, since parts overlap inside the network. Undefined where `takesBytes` is false; a backend
   * that computes whole frames only leaves it out.
   */
  rowShares?(
    size: FrameSize,
    out: FrameSize,
    parts: readonly RowRange[],
  ): Promise<readonly number[] | undefined>;
  /**
   * Bytes that a run with frames of `size` holds above the weights, where the backend plans its memory before
   * it runs: its frames are computed one after another, so that more of them need no more.
   *
   * @throws DnnError where the network cannot take such frames.
   */
  arenaBytes?(size: FrameSize): Promise<number>;
  /** Bytes held now: weights, tensors and the backend's own memory. */
  memoryBytes(): number;
  /** Tensors that are held now beside the weights: 0 between two calls, anything else is a leak. */
  strayTensors(): number;
  /** Frees everything; calling it twice is allowed. */
  close(): void;
}

/** One backend's code, once it is loaded. */
export interface DNNModule {
  readonly type: DNNBackendType;
  readonly capabilities: DNNCapabilities;
  /** What runs the network, for stats: `wasm-simd` and so on. */
  readonly device: string;
  /**
   * @throws DnnError `ENOSYS` naming every op without a kernel, all of them at once;
   *   `EINVAL` for an input or output name that the graph does not have.
   */
  loadModel(spec: DNNModelSpec): Promise<DNNModel>;
}
