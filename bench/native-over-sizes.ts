/** Times the native backend on frames of several sizes, the sizes in turn. */
import { createNativeModule } from '../src/backends/native/native-module.ts';
import type { DNNData } from '../src/dnn/contract/interface.ts';
import type { BenchApi } from './bench-api.ts';
import { benchInput } from './bench-input.mjs';
import { loadNetwork } from './load-network.ts';
import { timeFrames } from './time-frames.mjs';

export const nativeOverSizes: BenchApi['nativeOverSizes'] = async (graphDef, sizes, assets, options) => {
  const { effort, rounds } = options;
  const spec = await loadNetwork(graphDef);
  const module = createNativeModule(assets);
  const firstMs: number[] = [];
  const running: (() => Promise<void>)[] = [];
  for (const size of sizes) {
    const { height, width, channels } = size;
    const input: DNNData = { data: benchInput(size), dims: [1, height, width, channels] };
    let results: readonly DNNData[] = [];
    const start = performance.now();
    // A model of its own: one keeps only a few sizes ready.
    const model = await module.loadModel(spec);
    const run = async (): Promise<void> => {
      results = await model.execute(input, results);
    };
    await run();
    firstMs.push(performance.now() - start);
    await timeFrames(run, ...effort.warmUp);
    running.push(run);
  }
  const roundMs: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const times: number[] = [];
    for (const run of running) times.push(await timeFrames(run, ...effort.round));
    roundMs.push(times);
  }
  return { firstMs, roundMs };
};
