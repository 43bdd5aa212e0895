/** A network for one frame size with its layers made, and the plans of its runs. */
import type { KernelMemory } from './kernel-memory.ts';
import type { ImageSize } from '../lowering/layer-spec.ts';
import type { KernelChoice, LayerContext, LayerFactory, RowRange } from './layer.ts';
import type { Network, NetworkOutput } from '../lowering/network.ts';
import { tensorSize, type LayerNetwork } from './layer-network.ts';
import { planRun } from './choose-strip.ts';
import { neededRows } from './needed-rows.ts';
import type { RowPlan } from './plan-bands.ts';
import { runPlan, type RowTransfer } from './run-plan.ts';

/** Makes layers by op. */
export type LayerTable = ReadonlyMap<string, LayerFactory>;

/** Plans of parts of an image that are kept. */
const maximumPlans = 32;

/** Makes the layers of a network. @throws DnnError of the first layer that cannot be made. */
export function makeLayers(network: Network, table: LayerTable, context: LayerContext): LayerNetwork {
  const tensors = network.outputs.flatMap((output) => ('tensor' in output ? [output.tensor] : []));
  return {
    input: network.input,
    steps: network.steps.map(({ spec, inputs }) => ({
      layer: table.get(spec.node.op)!(spec, context),
      inputs,
    })),
    outputs: [...new Set(tensors)],
  };
}

/** Ready to run frames of one size. */
export class SizedNetwork {
  readonly #layers: LayerNetwork;
  readonly #memory: KernelMemory;
  readonly #stripRows: number | undefined;
  readonly #plans = new Map<string, RowPlan>();
  readonly input: ImageSize;
  /** The outputs as the graph names them; `tensors` says where their rows come from. */
  readonly outputs: readonly NetworkOutput[];

  /** @param stripRows overrides the choice of the strip's height, for tests. */
  constructor(
    network: Network,
    table: LayerTable,
    memory: KernelMemory,
    kernelChoice: KernelChoice,
    stripRows?: number,
  ) {
    this.#memory = memory;
    this.#stripRows = stripRows;
    this.input = network.input;
    this.outputs = network.outputs;
    this.#layers = makeLayers(network, table, {
      kernels: memory.kernels,
      kernelChoice,
      upload: (data) => memory.upload(typeof data === 'function' ? data() : data),
    });
  }

  /** The different tensors among the outputs: what a RowTransfer numbers. */
  get tensors(): readonly number[] {
    return this.#layers.outputs;
  }

  /** Sizes of `tensors`. */
  get tensorSizes(): readonly ImageSize[] {
    return this.tensors.map((tensor) => this.outputs.find((output) => isTensor(output, tensor))!.size);
  }

  /**
   * Runs one image.
   * @param rows those of the first tensor that are wanted; of the others all. All without it.
   */
  run(transfer: RowTransfer, rows?: RowRange): void {
    runPlan(this.#layers, this.plan(rows), this.#memory, transfer);
  }

  /**
   * The arithmetic of such a run: multiply-adds, and one more for each value of a tensor, for
   * what is not multiplied. Never 0.
   */
  work(rows?: RowRange): number {
    const needed = neededRows(this.#layers, this.#wanted(rows));
    return needed.reduce((sum, { from, to }, tensor) => {
      const { height, width, channels } = tensorSize(this.#layers, tensor);
      const multiplyAdds = tensor === 0 ? 0 : this.#layers.steps[tensor - 1]!.layer.multiplyAdds;
      return sum + (to - from) * (multiplyAdds / height + width * channels);
    }, 0);
  }

  /** The plan of such a run. */
  plan(rows?: RowRange): RowPlan {
    const key = rows === undefined ? '' : `${rows.from}-${rows.to}`;
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const plan = planRun(this.#layers, this.#wanted(rows), this.#stripRows);
    if (this.#plans.size >= maximumPlans) this.#plans.clear();
    this.#plans.set(key, plan);
    return plan;
  }

  /** Rows of the tensors: those of the first that are asked for, of the others all. */
  #wanted(rows: RowRange | undefined): readonly RowRange[] {
    return this.tensorSizes.map(({ height }, index) =>
      index === 0 && rows !== undefined ? rows : { from: 0, to: height },
    );
  }
}

function isTensor(output: NetworkOutput, tensor: number): boolean {
  return 'tensor' in output && output.tensor === tensor;
}
