/** Runs one network on the backends of this project and on onnxruntime-web side by side, in the bench page's worker. */
import * as ort from 'onnxruntime-web/wasm';
import { layerTable } from '../src/backends/native/layer-table.ts';
import type { KernelChoice } from '../src/backends/native/layer.ts';
import { instantiateKernels } from '../src/backends/native/load-kernels.ts';
import { createNativeModule } from '../src/backends/native/native-module.ts';
import { createTensorflowModule } from '../src/backends/tensorflow/tensorflow-module.ts';
import type { DNNData, DNNModel, FrameSize, NativeKernels } from '../src/dnn/interface.ts';
import type { BenchNetwork } from './bench-api.ts';
import type { BenchAssets } from './bench-assets.ts';
import { benchInput } from './bench-input.mjs';
import { channelsFirst, channelsLast } from './channel-order.mjs';
import { kernelLayerSpec, referenceLayer } from './kernel-layers.ts';
import { largestDifference } from './largest-difference.mjs';
import { fetchBytes, loadNetwork } from './load-network.ts';
import { median } from './median.mjs';
import { roundLength, timeFrames, warmUpLength } from './time-frames.mjs';

/** One backend in one round. */
export interface BackendFigure {
  readonly backend: string;
  /** Milliseconds of a frame. */
  readonly ms: number;
}

/** A backend with a loaded network: floats in, floats out, in the layout that it works in. */
interface RunningBackend {
  readonly name: string;
  readonly run: () => Promise<void>;
  /** The result of the last frame, channels last. */
  readonly result: () => Float32Array;
}

const reference = 'tfjs-wasm';

export class BackendBench {
  readonly #backends: readonly RunningBackend[];
  /** The result of tfjs. */
  readonly reference: Float32Array;
  readonly differences: Readonly<Record<string, number>>;

  private constructor(backends: readonly RunningBackend[]) {
    this.#backends = backends;
    this.reference = backends.find(({ name }) => name === reference)!.result();
    this.differences = Object.fromEntries(
      backends.map(({ name, result }) => [name, largestDifference(result(), this.reference)]),
    );
  }

  /** Loads the network, and runs it until the engine has compiled the backends as well as it does. */
  static async start({ graphDef, onnx, size }: BenchNetwork, assets: BenchAssets): Promise<BackendBench> {
    const spec = await loadNetwork(graphDef);
    const native = async (name: string, kernels: NativeKernels): Promise<RunningBackend> =>
      modelBackend(name, await createNativeModule(assets).loadModel({ ...spec, kernels }), size);
    const tensorflow = await createTensorflowModule(assets);
    const backends = [
      await native('native', 'auto'),
      await native('native, kernels=simd', 'simd'),
      await native('native, kernels=direct', 'direct'),
    ];
    if (await hasWinograd(assets)) {
      const winograd: string = 'winograd';
      backends.push(await native('native, kernels=winograd', winograd as NativeKernels));
    }
    backends.push(modelBackend(reference, await tensorflow.loadModel(spec), size));
    if (onnx !== undefined) backends.push(await ortBackend(await fetchBytes(onnx), size, assets));
    for (const { run } of backends) await timeFrames(run, ...warmUpLength);
    return new BackendBench(backends);
  }

  /** Frame by frame in turn, so that a change of the machine falls on all of them. */
  async round(): Promise<readonly BackendFigure[]> {
    const times = this.#backends.map((): number[] => []);
    const [leastMs, leastFrames] = roundLength;
    const start = performance.now();
    for (
      let frames = 0;
      frames < leastFrames || performance.now() - start < times.length * leastMs;
      frames++
    ) {
      for (const [index, { run }] of this.#backends.entries())
        times[index]!.push(await timeFrames(run, 0, 1));
    }
    return this.#backends.map(({ name }, index) => ({ backend: name, ms: median(times[index]!) }));
  }
}

/** One of this project's: results are handed back as in the product, so that their memory is used again. */
function modelBackend(name: string, model: DNNModel, size: FrameSize): RunningBackend {
  const { height, width, channels } = size;
  const input: DNNData = { data: benchInput(size), dims: [1, height, width, channels] };
  let results: readonly DNNData[] = [];
  return {
    name,
    run: async () => {
      results = await model.execute(input, results);
    },
    result: () => results[0]!.data,
  };
}

/** With its documented best settings for one thread. */
async function ortBackend(
  model: Uint8Array,
  size: FrameSize,
  { ortWasmURL }: BenchAssets,
): Promise<RunningBackend> {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: ortWasmURL };
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    enableMemPattern: true,
    enableCpuMemArena: true,
  });
  const { height, width, channels } = size;
  const data = channelsFirst(benchInput(size), channels);
  const feeds = { x: new ort.Tensor('float32', data, [1, channels, height, width]) };
  let result: ort.Tensor | undefined;
  return {
    name: 'onnxruntime-web',
    run: async () => {
      result = (await session.run(feeds))['y'];
    },
    result: () => channelsLast(result?.data as Float32Array, result?.dims[1] ?? 1),
  };
}

/** Whether the sources have Winograd's convolution: its rows come in groups. */
async function hasWinograd({ simdKernelsURL }: BenchAssets): Promise<boolean> {
  const kernels = await instantiateKernels(await WebAssembly.compileStreaming(fetch(simdKernelsURL)));
  const winograd: string = 'winograd';
  const kernelChoice = winograd as KernelChoice;
  const layer = layerTable.get('Conv2D')!(kernelLayerSpec(referenceLayer), {
    kernels,
    kernelChoice,
    upload: () => 0,
  });
  return layer.rowGroup > 1;
}
