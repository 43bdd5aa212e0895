/** What the bench page's worker can do; times are taken in the worker. */
import type { FrameSize } from '../src/dnn/contract/interface.ts';
import type { BenchAssets } from './bench-assets.ts';
import type { BackendFigure } from './backend-bench.ts';
import type { KernelFigure } from './kernel-bench.ts';
import type { LayerTime } from './layer-times.ts';
import type { SimdFeatures } from './simd-features.ts';
import type { Effort } from './time-frames.mjs';

/** A network with the input `x` and the output `y`, and the size of its frames. */
export interface BenchNetwork {
  /** URLs of the GraphDef and, where the peers that read ONNX run it too, of that model. */
  readonly graphDef: string;
  readonly onnx?: string;
  readonly size: FrameSize;
}

/** Which backends are run, and for how long. */
export interface BackendsToRun {
  readonly effort: Effort;
  /** Whether the native backend is run with each of its `kernels=` too. */
  readonly variants: boolean;
}

/** How a backend started. */
export interface BackendStart {
  /** Milliseconds from loading the network to its first result. */
  readonly firstMs: number;
  /** Largest difference of that result from tfjs's. */
  readonly difference: number;
}

/** By backend: those that run, and why others do not. */
export interface BackendsStarted {
  readonly starts: Readonly<Record<string, BackendStart>>;
  readonly failures: Readonly<Record<string, string>>;
}

/** What tfjs runs a network on. */
export type GpuBackendName = 'webgl' | 'webgpu';

/** How tfjs started on a GPU, or on what plays its part. */
export interface GpuStart {
  /** The adapter, as the browser names it. */
  readonly adapter: string;
  readonly firstMs: number;
}

export interface BenchApi {
  simdFeatures(): Promise<SimdFeatures>;
  /** Bytes a second that a copy of more than the caches hold reads and writes, together. */
  memoryRate(): Promise<number>;
  /** Makes the kernels ready. */
  startKernels(assets: BenchAssets): Promise<void>;
  /** One round of all layers on both builds. */
  kernelRound(): Promise<readonly KernelFigure[]>;
  /**
   * Loads a network into all backends and runs some frames.
   *
   * @throws Error where none of them runs.
   */
  startBackends(network: BenchNetwork, assets: BenchAssets, wanted: BackendsToRun): Promise<BackendsStarted>;
  /** tfjs's result for the frame of bench-input.mjs, channels last. */
  referenceResult(): Promise<Float32Array>;
  /** One round of all backends. */
  backendRound(): Promise<readonly BackendFigure[]>;
  /** The adapter of this browser, as it names it; undefined where there is none. */
  gpuAdapter(backend: GpuBackendName): Promise<string | undefined>;
  /** Loads a network into tfjs on the GPU; one network and one backend in the life of a worker. */
  startGpu(backend: GpuBackendName, network: BenchNetwork, effort: Effort): Promise<GpuStart>;
  /** Milliseconds of a frame, its pixels sent there and read back as in the product. */
  gpuRound(): Promise<number>;
  /** tfjs's result on the GPU for the frame of bench-input.mjs, channels last. */
  gpuResult(): Promise<Float32Array>;
  /** Bytes that the native backend plans for one frame of each size above its weights. */
  arenaBytes(graphDef: string, sizes: readonly FrameSize[], assets: BenchAssets): Promise<readonly number[]>;
  /**
   * Times frames of several sizes in the native backend, the sizes in turn.
   *
   * @returns milliseconds by size: from loading the network to the first
   * result, and of a frame in each round.
   */
  nativeOverSizes(
    graphDef: string,
    sizes: readonly FrameSize[],
    assets: BenchAssets,
    options: { readonly effort: Effort; readonly rounds: number },
  ): Promise<{ readonly firstMs: readonly number[]; readonly roundMs: readonly (readonly number[])[] }>;
  /**
   * Bytes that a backend holds after one frame; 8-bit frames, as the product runs
   * them, where the backend takes them.
   */
  memoryOf(backend: 'native' | 'tensorflow', network: BenchNetwork, assets: BenchAssets): Promise<number>;
  /**
   * Milliseconds of a frame in the native backend of stock `@ffmpeg/core`, measured once: it takes seconds.
   *
   * @throws Error for a network that FFmpeg's native backend cannot run.
   */
  stockCoreMs(network: BenchNetwork, assets: BenchAssets): Promise<number>;
  /** Milliseconds of the layers of the native backend, by frame. */
  layerTimes(network: BenchNetwork, assets: BenchAssets): Promise<readonly LayerTime[]>;
}
