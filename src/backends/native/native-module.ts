/** The `native` backend: runs any Graph on the kernels of wasm/; mirrors libavfilter/dnn/dnn_backend_native.c. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import { backendCapabilities } from '../../dnn/contract/backend-capabilities.ts';
import type { DNNModel, DNNModelSpec, DNNModule } from '../../dnn/contract/interface.ts';
import { inputShape } from '../../graph/input-node.ts';
import { chosenBuild, convolutionChoice } from './wasm/kernel-choice.ts';
import { layerTable } from './wasm/layer-table.ts';
import { instantiateKernels, type KernelBuild } from './wasm/load-kernels.ts';
import { lowerGraph, unsupportedOps } from './lowering/lower-graph.ts';
import { NativeModel } from './wasm/native-model.ts';
import type { LayerTable } from './wasm/sized-network.ts';
import type { Network } from './wasm/network.ts';

/** URLs of the two builds of the kernels. */
export interface NativeAssets {
  readonly simdKernelsURL: string;
  readonly relaxedKernelsURL: string;
}

/** Size that a network is looked at with before the first frame, where it takes any. */
const trialSize = 256;

/**
 * Makes the backend; nothing is fetched before a model is loaded. `device` is the build of the model that was loaded
 * last, and before that the one that the engine can run.
 */
export function createNativeModule(assets: NativeAssets): DNNModule {
  const modules = new Map<KernelBuild, Promise<WebAssembly.Module>>();
  let build = chosenBuild('auto');
  return {
    type: 'native',
    capabilities: backendCapabilities.native!,
    get device() {
      return build === 'relaxed' ? 'wasm-relaxed-simd' : 'wasm-simd';
    },
    async loadModel(spec) {
      const kernels = spec.kernels ?? 'auto';
      const wanted = chosenBuild(kernels);
      const fetched = modules.get(wanted) ?? fetchKernels(wanted, assets);
      modules.set(wanted, fetched);
      const model = await loadModel(spec, await fetched);
      build = wanted;
      return model;
    },
  };
}

async function loadModel(spec: DNNModelSpec, module: WebAssembly.Module): Promise<DNNModel> {
  const kernelChoice = convolutionChoice(spec.kernels ?? 'auto');
  const instantiate = (): ReturnType<typeof instantiateKernels> => instantiateKernels(module);
  checkNames(spec);
  const network = trialNetwork(spec, layerTable);
  if (network !== undefined) {
    const kernels = await instantiate();
    const missing = new Set<string>();
    for (const { spec: layer } of network.steps) {
      try {
        // Nothing is packed or kept: this only asks whether the layer can be made.
        layerTable.get(layer.node.op)!(layer, { kernels, kernelChoice, upload: () => 0 });
      } catch (thrown) {
        if (!(thrown instanceof DnnError) || thrown.code !== 'ENOSYS') continue;
        missing.add(reasonOf(thrown));
      }
    }
    if (missing.size > 0) throw unsupportedOps([...missing]);
  }
  return new NativeModel({ spec, table: layerTable, kernelChoice, instantiate });
}

/** What a layer refuses, as `node 'c' (MaxPool) has …`: the way out is said once for all of them. */
function reasonOf({ message }: DnnError): string {
  return message
    .replace(/^native backend: /, '')
    .replace(/(, for which there is no kernel|: use dnn_backend).*$/, '');
}

/** @throws DnnError `EINVAL` for a name that the graph does not have. */
function checkNames({ graph, input, outputs }: DNNModelSpec): void {
  const names = new Set(graph.nodes.map(({ name }) => name));
  for (const [option, name] of [['input', input], ...outputs.map((output) => ['output', output])]) {
    if (names.has(name!)) continue;
    throw new DnnError('EINVAL', `${option!}=${name!}: the model has no node of that name.`, {
      option,
      name,
    });
  }
}

/** The network for a frame of the model's own size or of a common one; undefined where that is not possible. */
function trialNetwork({ graph, input, outputs }: DNNModelSpec, table: LayerTable): Network | undefined {
  const shape = inputShape(graph, input) ?? [-1, -1, -1, 3];
  const [, height = -1, width = -1, channels = -1] = shape;
  const known = (size: number, otherwise: number): number => (size > 0 ? size : otherwise);
  const size = {
    height: known(height, trialSize),
    width: known(width, trialSize),
    channels: known(channels, 3),
  };
  try {
    return lowerGraph({ graph, input, outputs, size, ops: new Set(table.keys()) });
  } catch (thrown) {
    // A size of our choice may be one that the network cannot take; frames of the right one will tell.
    if (thrown instanceof DnnError && thrown.code === 'EINVAL' && (height < 0 || width < 0)) return undefined;
    throw thrown;
  }
}

async function fetchKernels(build: KernelBuild, assets: NativeAssets): Promise<WebAssembly.Module> {
  const url = build === 'relaxed' ? assets.relaxedKernelsURL : assets.simdKernelsURL;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (thrown) {
    throw new DnnError(
      'EIO',
      `dnn_backend=native: cannot load the kernels from ${url}: ${errorMessage(thrown)}. Check that the server sends ` +
        'this file.',
      { url },
      { cause: thrown },
    );
  }
}
