/** tfjs on WebGL or WebGPU: what UpscalerJS and most pages run a network on. In the bench page's worker. */
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { enableProdMode, io, ready, setBackend, tensor4d, type Tensor } from '@tensorflow/tfjs-core';
import { graphModelArtifacts } from '../src/backends/tensorflow/graph-model-artifacts.ts';
import { neededNodes } from '../src/backends/tensorflow/needed-nodes.ts';
import type { FrameSize } from '../src/dnn/contract/interface.ts';
import type { BenchApi, BenchNetwork, GpuBackendName, GpuStart } from './bench-api.ts';
import { benchInput } from './bench-input.mjs';
import { loadNetwork } from './load-network.ts';
import { timeFrames, type Effort } from './time-frames.mjs';

export class GpuBackend {
  readonly #model: GraphModel;
  readonly #size: FrameSize;
  readonly #effort: Effort;
  readonly #input: Float32Array;
  result = new Float32Array();

  private constructor(model: GraphModel, size: FrameSize, effort: Effort) {
    this.#model = model;
    this.#size = size;
    this.#effort = effort;
    this.#input = benchInput(size);
  }

  /** @throws Error where the browser has no adapter, or tfjs refuses it. */
  static async start(
    backend: GpuBackendName,
    { graphDef, size }: BenchNetwork,
    effort: Effort,
  ): Promise<GpuStart & { readonly started: GpuBackend }> {
    const adapter = await gpuAdapter(backend);
    if (adapter === undefined) throw new Error(`the browser has no adapter for ${backend}`);
    const start = performance.now();
    // Each registers its backend; only the wanted one is fetched.
    if (backend === 'webgl') await import('@tensorflow/tfjs-backend-webgl');
    else await import('@tensorflow/tfjs-backend-webgpu');
    enableProdMode();
    if (!(await setBackend(backend))) throw new Error(`tfjs did not start on ${backend}`);
    await ready();
    const { graph, input, outputs } = await loadNetwork(graphDef);
    const artifacts = graphModelArtifacts(neededNodes(graph, input, outputs), input);
    const started = new GpuBackend(await loadGraphModel(io.fromMemory(artifacts)), size, effort);
    await started.#run();
    const firstMs = performance.now() - start;
    await timeFrames(() => started.#run(), ...effort.warmUp);
    return { adapter, firstMs, started };
  }

  round(): Promise<number> {
    return timeFrames(() => this.#run(), ...this.#effort.round);
  }

  async #run(): Promise<void> {
    const { height, width, channels } = this.#size;
    const input = tensor4d(this.#input, [1, height, width, channels]);
    const result = this.#model.execute({ x: input }, 'y') as Tensor;
    this.result = (await result.data()) as Float32Array<ArrayBuffer>;
    input.dispose();
    result.dispose();
  }
}

/** Software that plays the part of a GPU has a name that says so, such as SwiftShader. */
export const gpuAdapter: BenchApi['gpuAdapter'] = async (backend) => {
  if (backend === 'webgl') {
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (gl === null) return undefined;
    const names = gl.getExtension('WEBGL_debug_renderer_info');
    return String(gl.getParameter(names === null ? gl.RENDERER : names.UNMASKED_RENDERER_WEBGL));
  }
  const adapter = await webGpu()?.requestAdapter();
  if (adapter === undefined || adapter === null) return undefined;
  const { vendor, architecture, description } = adapter.info;
  return [vendor, architecture, description].filter((word) => word !== '').join(' ');
};

/** What is used of WebGPU, whose types TypeScript's DOM library does not have. */
interface WebGpu {
  requestAdapter(): Promise<{
    readonly info: { readonly vendor: string; readonly architecture: string; readonly description: string };
  } | null>;
}

function webGpu(): WebGpu | undefined {
  return (navigator as { readonly gpu?: WebGpu }).gpu;
}
