/** Times the layers of the native backend while they run as parts of a network. */
import { layerTable } from '../src/backends/native/wasm/layer-table.ts';
import type { LayerFactory } from '../src/backends/native/wasm/layer.ts';
import { hasRelaxedSimd, instantiateKernels } from '../src/backends/native/wasm/load-kernels.ts';
import { NativeModel } from '../src/backends/native/wasm/native-model.ts';
import type { DNNData } from '../src/dnn/contract/interface.ts';
import type { BenchApi } from './bench-api.ts';
import { benchInput } from './bench-input.mjs';
import { loadNetwork } from './load-network.ts';

/** One layer by frame. */
export interface LayerTime {
  /** As `name (Op) WxHxC`; the last entry is what is done around the layers. */
  readonly layer: string;
  readonly ms: number;
  readonly multiplyAdds: number;
}

const leastMs = 2000;

export const layerTimes: BenchApi['layerTimes'] = async ({ graphDef, size }, assets) => {
  const times: { layer: string; ms: number; multiplyAdds: number }[] = [];
  const timed = (factory: LayerFactory): LayerFactory => {
    return (spec, context) => {
      const layer = factory(spec, context);
      const { width, height, channels } = layer.output;
      const name = `${spec.node.name} (${spec.node.op}) ${width}x${height}x${channels}`;
      const time = { layer: name, ms: 0, multiplyAdds: layer.multiplyAdds };
      times.push(time);
      return {
        ...layer,
        run: (...words) => {
          const start = performance.now();
          layer.run(...words);
          time.ms += performance.now() - start;
        },
      };
    };
  };
  const url = hasRelaxedSimd() ? assets.relaxedKernelsURL : assets.simdKernelsURL;
  const module = await WebAssembly.compileStreaming(fetch(url));
  const model = new NativeModel({
    spec: await loadNetwork(graphDef),
    table: new Map([...layerTable].map(([op, factory]) => [op, timed(factory)])),
    kernelChoice: 'auto',
    instantiate: () => instantiateKernels(module),
  });
  const input: DNNData = { data: benchInput(size), dims: [1, size.height, size.width, size.channels] };
  let spent: readonly DNNData[] = [];
  const runFrames = async (): Promise<{ frames: number; total: number }> => {
    const start = performance.now();
    for (let frames = 1; ; frames++) {
      spent = await model.execute(input, spent);
      const total = performance.now() - start;
      if (total >= leastMs) return { frames, total };
    }
  };
  // The first ones are for the engine, which compiles what runs often once more.
  await runFrames();
  for (const time of times) time.ms = 0;
  const { frames, total } = await runFrames();
  const inLayers = times.reduce((sum, { ms }) => sum + ms, 0);
  return [...times, { layer: 'between the layers', ms: total - inLayers, multiplyAdds: 0 }].map((time) => ({
    ...time,
    ms: time.ms / frames,
  }));
};
