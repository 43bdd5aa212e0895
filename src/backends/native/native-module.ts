/**
 * The `native` backend: lowers any Graph and runs it on a device; mirrors
 * libavfilter/dnn/dnn_backend_native.c.
 */
import { DnnError } from '../../base/errors.ts';
import { backends } from '../../dnn/contract/backends.ts';
import type { DNNModelSpec, DNNModule } from '../../dnn/contract/interface.ts';
import { inputShape } from '../../graph/input-node.ts';
import { lowerGraph } from './lowering/lower-graph.ts';
import type { Network } from './lowering/network.ts';
import { WasmDevice, type KernelAssets } from './wasm/wasm-device.ts';

/** URLs of what the devices need. */
export type NativeAssets = KernelAssets;

/** Size that a network is looked at with before the first frame, where it takes any. */
const trialSize = 256;

/**
 * Makes the backend; nothing is fetched before a model is loaded. Today every model runs on the same device.
 */
export function createNativeModule(assets: NativeAssets): DNNModule {
  const device = new WasmDevice(assets);
  return {
    type: 'native',
    capabilities: backends.native.capabilities,
    get device() {
      return device.name;
    },
    async loadModel(spec) {
      checkNames(spec);
      return await device.load(spec, trialNetwork(spec, device.ops));
    },
  };
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

/**
 * The network for a frame of the model's own size or of a common one; undefined where that is not possible.
 */
function trialNetwork(
  { graph, input, outputs }: DNNModelSpec,
  ops: ReadonlySet<string>,
): Network | undefined {
  const shape = inputShape(graph, input) ?? [-1, -1, -1, 3];
  const [, height = -1, width = -1, channels = -1] = shape;
  const known = (size: number, otherwise: number): number => (size > 0 ? size : otherwise);
  const size = {
    height: known(height, trialSize),
    width: known(width, trialSize),
    channels: known(channels, 3),
  };
  try {
    return lowerGraph({ graph, input, outputs, size, ops });
  } catch (thrown) {
    // A size of our choice may be one that the network cannot take; frames of the right one will tell.
    if (thrown instanceof DnnError && thrown.code === 'EINVAL' && (height < 0 || width < 0)) return undefined;
    throw thrown;
  }
}
