/**
 * Runs one network on the backends of this project and on onnxruntime-web side by
 * side, in the bench page's worker.
 */
import * as ort from 'onnxruntime-web/wasm';
import { layerTable } from '../src/backends/native/wasm/layer-table.ts';
import { instantiateKernels } from '../src/backends/native/wasm/load-kernels.ts';
import { createNativeModule } from '../src/backends/native/native-module.ts';
import { createTensorflowModule } from '../src/backends/tensorflow/tensorflow-module.ts';
import type { DNNData, DNNModel, FrameSize, NativeKernels } from '../src/dnn/contract/interface.ts';
import type { BackendsStarted, BackendsToRun, BenchNetwork } from './bench-api.ts';
import type { BenchAssets } from './bench-assets.ts';
import { benchInput } from './bench-input.mjs';
import { channelsFirst, channelsLast } from './channel-order.mjs';
import { kernelLayerSpec, referenceLayer } from './kernel-layers.ts';
import { largestDifference } from './largest-difference.mjs';
import { fetchBytes, loadNetwork } from './load-network.ts';
import { median } from './median.mjs';
import { timeFrames, type Effort } from './time-frames.mjs';

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

/** What is loaded, and what a name that a table can hold is for. */
type BackendLoader = readonly [name: string, load: () => Promise<Omit<RunningBackend, 'name'>>];

export class BackendBench {
  readonly #backends: readonly RunningBackend[];
  readonly #effort: Effort;
  /** The result of tfjs; of the first backend where tfjs failed. */
  readonly reference: Float32Array;
  readonly started: BackendsStarted;

  private constructor(
    backends: readonly RunningBackend[],
    firstMs: ReadonlyMap<string, number>,
    failures: Readonly<Record<string, string>>,
    effort: Effort,
  ) {
    this.#backends = backends;
    this.#effort = effort;
    const measure = backends.find(({ name }) => name === reference) ?? backends[0];
    if (measure === undefined) throw new Error(Object.values(failures).join('\n'));
    this.reference = measure.result();
    const starts = Object.fromEntries(
      backends.map(({ name, result }) => [
        name,
        { firstMs: firstMs.get(name)!, difference: largestDifference(result(), this.reference) },
      ]),
    );
    this.started = { starts, failures };
  }

  /** Loads the network, and runs it until the engine has compiled the backends as well as it does. */
  static async start(
    { graphDef, onnx, size }: BenchNetwork,
    assets: BenchAssets,
    { effort, variants }: BackendsToRun,
  ): Promise<BackendBench> {
    const spec = await loadNetwork(graphDef);
    const native = (name: string, kernels: NativeKernels): BackendLoader => [
      name,
      async () => modelBackend(await createNativeModule(assets).loadModel({ ...spec, kernels }), size),
    ];
    const loaders = [native('native', 'auto')];
    if (variants) loaders.push(native('native-simd', 'simd'), native('native-direct', 'direct'));
    if (variants && (await hasWinograd(assets))) loaders.push(native('native-winograd', 'winograd'));
    loaders.push([
      reference,
      async () => modelBackend(await (await createTensorflowModule(assets)).loadModel(spec), size),
    ]);
    if (onnx !== undefined)
      loaders.push(['onnxruntime-web', async () => ortBackend(await fetchBytes(onnx), size, assets)]);
    const firstMs = new Map<string, number>();
    const backends: RunningBackend[] = [];
    const failures: Record<string, string> = {};
    for (const [name, load] of loaders) {
      const start = performance.now();
      try {
        const backend = { name, ...(await load()) };
        await backend.run();
        firstMs.set(name, performance.now() - start);
        backends.push(backend);
      } catch (error) {
        // A large frame may be more than one of them can hold: the report says so, and the others go on.
        failures[name] = error instanceof Error ? error.message : String(error);
      }
    }
    for (const { run } of backends) await timeFrames(run, ...effort.warmUp);
    return new BackendBench(backends, firstMs, failures, effort);
  }

  /** Frame by frame in turn, so that a change of the machine falls on all of them. */
  async round(): Promise<readonly BackendFigure[]> {
    const times = this.#backends.map((): number[] => []);
    const [leastMs, leastFrames] = this.#effort.round;
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
function modelBackend(model: DNNModel, size: FrameSize): Omit<RunningBackend, 'name'> {
  const { height, width, channels } = size;
  const input: DNNData = { data: benchInput(size), dims: [1, height, width, channels] };
  let results: readonly DNNData[] = [];
  return {
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
): Promise<Omit<RunningBackend, 'name'>> {
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
    run: async () => {
      result = (await session.run(feeds))['y'];
    },
    result: () => channelsLast(result?.data as Float32Array, result?.dims[1] ?? 1),
  };
}

/** Whether the sources have Winograd's convolution: its rows come in groups. */
async function hasWinograd({ simdKernelsURL }: BenchAssets): Promise<boolean> {
  const kernels = await instantiateKernels(await WebAssembly.compileStreaming(fetch(simdKernelsURL)));
  const layer = layerTable.get('Conv2D')!(kernelLayerSpec(referenceLayer), {
    kernels,
    kernelChoice: 'winograd',
    upload: () => 0,
  });
  return layer.rowGroup > 1;
}
