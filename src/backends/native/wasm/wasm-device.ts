/** The device of the native backend that every engine has: the kernels of wasm/ on one thread. */
import { download } from '../../../base/download.ts';
import { DnnError, errorMessage } from '../../../base/errors.ts';
import type { DNNModel, DNNModelSpec } from '../../../dnn/contract/interface.ts';
import { unsupportedOps } from '../lowering/lower-graph.ts';
import type { Network } from '../lowering/network.ts';
import { chosenBuild, convolutionChoice } from './kernel-choice.ts';
import { layerTable, wasmOps } from './layer-table.ts';
import type { LayerContext } from './layer.ts';
import { UnsupportedLayer } from './layers/unsupported.ts';
import { instantiateKernels, type KernelBuild } from './load-kernels.ts';
import { NativeModel } from './native-model.ts';

/** URLs of the two builds of the kernels. */
export interface KernelAssets {
  readonly simdKernelsURL: string;
  readonly relaxedKernelsURL: string;
}

/** Loads models onto the kernels; fetches each build once, when the first model needs it. */
export class WasmDevice {
  readonly #assets: KernelAssets;
  readonly #modules = new Map<KernelBuild, Promise<WebAssembly.Module>>();
  #build = chosenBuild('auto');
  /** The ops that it has layers for. */
  readonly ops = wasmOps;

  constructor(assets: KernelAssets) {
    this.#assets = assets;
  }

  /** The build of the model that was loaded last, and before that the one that the engine can run. */
  get name(): string {
    return this.#build === 'relaxed' ? 'wasm-relaxed-simd' : 'wasm-simd';
  }

  /**
   * @param trial the model's network for a frame of some size, whose layers are
   * tried before the first frame comes.
   * @throws DnnError `EIO` where the kernels do not load; `ENOSYS` for kernels that the engine cannot run,
   *   and naming every node of `trial` that a layer refuses.
   */
  async load(spec: DNNModelSpec, trial: Network | undefined): Promise<DNNModel> {
    const wanted = chosenBuild(spec.kernels ?? 'auto');
    const fetched = this.#modules.get(wanted) ?? fetchKernels(wanted, this.#assets);
    this.#modules.set(wanted, fetched);
    const module = await fetched;
    const kernelChoice = convolutionChoice(spec.kernels ?? 'auto');
    const instantiate = (): ReturnType<typeof instantiateKernels> => instantiateKernels(module);
    if (trial !== undefined) {
      // Nothing is packed or kept: this only asks whether the layers can be made.
      const refused = refusals(trial, { kernels: await instantiate(), kernelChoice, upload: () => 0 });
      if (refused.length > 0) throw unsupportedOps(refused);
    }
    this.#build = wanted;
    return new NativeModel({ spec, table: layerTable, kernelChoice, instantiate });
  }
}

/** What layers refuse of a network, each once. */
function refusals(network: Network, context: LayerContext): readonly string[] {
  const refused = new Set<string>();
  for (const { spec } of network.steps) {
    try {
      layerTable.get(spec.node.op)!(spec, context);
    } catch (thrown) {
      // Anything else may be due to this size; frames of the right one will tell.
      if (thrown instanceof UnsupportedLayer) refused.add(thrown.reason);
    }
  }
  return [...refused];
}

async function fetchKernels(build: KernelBuild, assets: KernelAssets): Promise<WebAssembly.Module> {
  const url = build === 'relaxed' ? assets.relaxedKernelsURL : assets.simdKernelsURL;
  try {
    return await WebAssembly.compile(await download(url, (response) => response.arrayBuffer()));
  } catch (thrown) {
    throw new DnnError(
      'EIO',
      `dnn_backend=native: cannot load the kernels from ${url}: ${errorMessage(thrown)}`,
      { url },
      { cause: thrown },
    );
  }
}
