/**
 * The memory that a backend needs for one frame; in a worker of its own, since tfjs never gives memory back.
 */
import { createNativeModule } from '../src/backends/native/native-module.ts';
import { createTensorflowModule } from '../src/backends/tensorflow/tensorflow-module.ts';
import type { DNNModel, FrameSize } from '../src/dnn/contract/interface.ts';
import type { BenchApi } from './bench-api.ts';
import { benchInput } from './bench-input.mjs';
import { loadNetwork } from './load-network.ts';

export const memoryOf: BenchApi['memoryOf'] = async (backend, { graphDef, size }, assets) => {
  const module = backend === 'native' ? createNativeModule(assets) : await createTensorflowModule(assets);
  const model = await module.loadModel(await loadNetwork(graphDef));
  await runOnce(model, size);
  const bytes = model.memoryBytes();
  model.close();
  return bytes;
};

async function runOnce(model: DNNModel, size: FrameSize): Promise<void> {
  const { height, width, channels } = size;
  const out = { height: 2 * height, width: 2 * width, channels };
  if ((await model.takesBytes?.(size, out)) === true) {
    const image = new Uint8Array(height * width * channels);
    await model.executeBytes!([image], size, [new Uint8Array(out.height * out.width * channels)]);
  } else await model.execute({ data: benchInput(size), dims: [1, height, width, channels] });
}

export const arenaBytes: BenchApi['arenaBytes'] = async (graphDef, sizes, assets) => {
  const model = await createNativeModule(assets).loadModel(await loadNetwork(graphDef));
  const bytes: number[] = [];
  for (const size of sizes) bytes.push(await model.arenaBytes!(size));
  model.close();
  return bytes;
};
