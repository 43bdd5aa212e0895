/** What the bench page's worker can do; times are taken in the worker. */
import type { FrameSize } from '../src/dnn/interface.ts';
import type { BenchAssets } from './bench-assets.ts';
import type { BackendFigure } from './backend-bench.ts';
import type { KernelFigure } from './kernel-bench.ts';
import type { LayerTime } from './layer-times.ts';

/** A network with the input `x` and the output `y`, and the size of its frames. */
export interface BenchNetwork {
  /** URLs of the GraphDef and, where the peers that read ONNX run it too, of that model. */
  readonly graphDef: string;
  readonly onnx?: string;
  readonly size: FrameSize;
}

export interface BenchApi {
  /** Makes the kernels ready. */
  startKernels(assets: BenchAssets): Promise<void>;
  /** One round of all layers on both builds. */
  kernelRound(): Promise<readonly KernelFigure[]>;
  /**
   * Loads a network into all backends and runs some frames.
   *
   * @returns by backend, the largest difference of its result from tfjs's.
   */
  startBackends(network: BenchNetwork, assets: BenchAssets): Promise<Readonly<Record<string, number>>>;
  /** tfjs's result for the frame of bench-input.mjs, channels last. */
  referenceResult(): Promise<Float32Array>;
  /** One round of all backends. */
  backendRound(): Promise<readonly BackendFigure[]>;
  /** Bytes that a backend holds after one frame; 8-bit frames, as the product runs them, where the backend takes them. */
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
