/** Runs convolutions beside the module's own `peak`, in the worker of the bench page. */
import { cacheBytes } from '../src/backends/native/wasm/choose-strip.ts';
import type { KernelExports } from '../src/backends/native/wasm/kernel-exports.ts';
import { KernelMemory } from '../src/backends/native/wasm/kernel-memory.ts';
import type { LayerSpec } from '../src/backends/native/lowering/layer-spec.ts';
import type { KernelChoice, Layer, RowBand, RowRange } from '../src/backends/native/wasm/layer.ts';
import { layerTable } from '../src/backends/native/wasm/layer-table.ts';
import {
  hasRelaxedSimd,
  instantiateKernels,
  type KernelBuild,
} from '../src/backends/native/wasm/load-kernels.ts';
import { rowBytes } from '../src/backends/native/wasm/layer-network.ts';
import { median } from './median.mjs';
import { kernelLayers, kernelLayerSpec, referenceLayer } from './kernel-layers.ts';

/** URLs of the builds. */
export type KernelUrls = Readonly<Record<KernelBuild, string>>;

/** One layer in one round. */
export interface KernelFigure {
  readonly layer: string;
  readonly build: KernelBuild;
  readonly choice: string;
  /** Whether the bound is for this one. */
  readonly isReference: boolean;
  /**
   * Multiply-adds of single floats per second: those that the layer's definition
   * has, whatever the kernel does.
   */
  readonly rate: number;
  /** Likewise of `peak`, in between. */
  readonly peakRate: number;
  /** Multiply-adds for each byte of input, weights and output, each counted once. */
  readonly intensity: number;
}

/** A layer with the strips that it runs in. */
interface Measured extends Pick<KernelFigure, 'layer' | 'build' | 'choice' | 'isReference' | 'intensity'> {
  readonly kernels: KernelExports;
  readonly strips: readonly Strip[];
}

interface Strip {
  readonly multiplyAdds: number;
  readonly run: () => void;
}

/**
 * Pieces of work are long enough for the clock, and short enough for most of them to have a core of their own
 * where other programs run: medians of many are taken.
 */
const pieceMs = 0.5;
const peakRounds = 200_000;
const layerMs = 25;
const warmUpMs = 150;

/** A choice that the sources may not have yet is known by its rows, which come in groups. */
const choices: readonly string[] = ['direct', 'winograd'];

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

export class KernelBench {
  readonly #layers: readonly Measured[];

  private constructor(layers: readonly Measured[]) {
    this.#layers = layers;
  }

  /** Makes all layers on both builds, and runs them until the engine has compiled them as well as it does. */
  static async start(urls: KernelUrls): Promise<KernelBench> {
    const builds: readonly KernelBuild[] = hasRelaxedSimd() ? ['relaxed', 'simd'] : ['simd'];
    const layers: Measured[] = [];
    for (const build of builds) {
      const module = await WebAssembly.compileStreaming(fetch(urls[build]));
      layers.push(...measuredLayers(build, new KernelMemory(await instantiateKernels(module))));
    }
    for (const layer of layers) measure(layer, warmUpMs);
    return new KernelBench(layers);
  }

  /** Runs each layer for an image at least. */
  round(): readonly KernelFigure[] {
    return this.#layers.map((layer) => measure(layer, layerMs));
  }
}

function measuredLayers(build: KernelBuild, memory: KernelMemory): Measured[] {
  const { kernels } = memory;
  const made = kernelLayers.flatMap((kernelLayer) => {
    const spec = kernelLayerSpec(kernelLayer);
    return choices.flatMap((choice) => {
      const layer = layerTable.get(spec.node.op)!(spec, {
        kernels,
        kernelChoice: choice as KernelChoice,
        upload: (data) => memory.upload(typeof data === 'function' ? data() : data),
      });
      if (choice !== 'direct' && layer.rowGroup === 1) return [];
      return [{ spec, layer, choice, isReference: kernelLayer === referenceLayer && choice === 'direct' }];
    });
  });
  // Each layer has rows of its own above all weights: none reads what another wrote.
  let arena = align(memory.top);
  return made.map(({ spec, layer, choice, isReference }) => {
    const { strips, end } = stripsOfImage(layer, rowBytes(spec.inputs[0]!), memory, arena);
    arena = end;
    const names = { layer: spec.node.name, build, choice, isReference };
    return { ...names, intensity: layer.multiplyAdds / bytesMoved(spec), kernels, strips };
  });
}

function bytesMoved({ inputs, constants, output }: LayerSpec): number {
  const images = [...inputs, output].map(({ width, height, channels }) => width * height * channels);
  const weights = [...constants.values()].map(({ data }) => data.length);
  return 4 * [...images, ...weights].reduce((sum, length) => sum + length, 0);
}

/**
 * Cuts a whole image into strips, in bands that stay in the cache as those of a network do. Each strip finds
 * the same values in the same place: what a network moves between strips is not measured.
 *
 * @param arena byte address from which on its rows are kept, up to `end`.
 */
function stripsOfImage(
  layer: Layer,
  inputRowBytes: number,
  memory: KernelMemory,
  arena: number,
): { readonly strips: readonly Strip[]; readonly end: number } {
  const outputRowBytes = rowBytes(layer.output);
  const bytesOf = (rows: number): { input: number; output: number; scratch: number } => ({
    input: align(inputRowBytes * Math.max(...rangesOf(layer, rows).map(({ need }) => need.to - need.from))),
    output: align(outputRowBytes * rows),
    scratch: align(layer.scratchBytes(rows)),
  });
  const total = (rows: number): number => Object.values(bytesOf(rows)).reduce((sum, bytes) => sum + bytes, 0);
  let rows = layer.rowGroup;
  while (rows < layer.output.height && total(rows + layer.rowGroup) <= cacheBytes) rows += layer.rowGroup;
  const sizes = bytesOf(rows);
  const output = arena + sizes.input;
  const scratch = output + sizes.output;
  const end = scratch + sizes.scratch;
  memory.reserve(end + 64);
  const values = new Float32Array(memory.kernels.memory.buffer, arena, sizes.input / 4);
  values.forEach((_, index) => (values[index] = Math.random() - 0.5));
  const strips = rangesOf(layer, rows).map(({ from, to, need }): Strip => {
    const inputs: readonly RowBand[] = [{ pointer: arena, firstRow: need.from, rows: need.to - need.from }];
    const band: RowBand = { pointer: output, firstRow: from, rows: to - from };
    return {
      multiplyAdds: (layer.multiplyAdds * (to - from)) / layer.output.height,
      run: () => {
        layer.run(inputs, band, from, to, scratch);
      },
    };
  });
  return { strips, end };
}

function rangesOf(layer: Layer, rows: number): readonly (RowRange & { readonly need: RowRange })[] {
  const { height } = layer.output;
  return Array.from({ length: Math.ceil(height / rows) }, (_, index) => {
    const from = index * rows;
    const to = Math.min(from + rows, height);
    return { from, to, need: layer.inputRows(0, from, to) };
  });
}

/**
 * Takes pieces of the layer's strips and of the peak in turn, for an image and so many milliseconds at least.
 */
function measure({ kernels, strips, ...names }: Measured, ms: number): KernelFigure {
  const rates: number[] = [];
  const peakRates: number[] = [];
  const start = performance.now();
  for (let at = 0; at < strips.length || performance.now() - start < ms;) {
    const before = performance.now();
    let passed = 0;
    let done = 0;
    while (passed < pieceMs) {
      const { run, multiplyAdds } = strips[at++ % strips.length]!;
      run();
      done += multiplyAdds;
      passed = performance.now() - before;
    }
    rates.push((1000 * done) / passed);
    const peakStart = performance.now();
    const peakDone = kernels.peak(peakRounds);
    peakRates.push((1000 * peakDone) / (performance.now() - peakStart));
  }
  return { ...names, rate: median(rates), peakRate: median(peakRates) };
}
