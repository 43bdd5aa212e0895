import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildKernels, kernelFiles } from '../../../scripts/build-kernels.mjs';
import type { DNNModule, NativeKernels } from '../../dnn/contract/interface.ts';
import type { GraphNode } from '../../graph/graph.ts';
import { convolution, graph, node, placeholder } from '../../graph/graph-builder.test-support.ts';
import { chosenBuild } from './wasm/kernel-choice.ts';
import { createNativeModule, type NativeAssets } from './native-module.ts';
import { espcn, specOf } from './lowering/networks.test-support.ts';

let assets: NativeAssets;
let native: DNNModule;
beforeAll(async () => {
  await buildKernels();
  const url = (file: string): string =>
    `data:application/wasm;base64,${readFileSync(kernelFiles[file]!).toString('base64')}`;
  assets = { simdKernelsURL: url('simd.wasm'), relaxedKernelsURL: url('relaxed.wasm') };
  native = createNativeModule(assets);
});

const input = {
  data: Float32Array.from({ length: 200 }, (_, i) => Math.sin(i)),
  dims: [1, 10, 20, 1],
} as const;

describe('createNativeModule', () => {
  test('takes the build that the engine can run', async () => {
    expect(native.type).toBe('native');
    expect(native.device).toBe('wasm-relaxed-simd');
    const [result] = await (await native.loadModel(specOf(espcn()))).execute(input);
    expect(result!.dims).toEqual([1, 20, 40, 1]);
    expect(result!.data.every((value) => Math.abs(value) <= 1)).toBe(true);
  });

  test('kernels= forces a build or the way of convolutions; results differ by rounding only', async () => {
    const results: Float32Array[] = [];
    const devices: string[] = [];
    for (const kernels of ['simd', 'relaxed', 'direct', 'winograd'] satisfies NativeKernels[]) {
      const model = await native.loadModel({ ...specOf(espcn()), kernels });
      devices.push(native.device);
      results.push((await model.execute(input))[0]!.data);
      model.close();
    }
    expect(devices).toEqual(['wasm-simd', 'wasm-relaxed-simd', 'wasm-relaxed-simd', 'wasm-relaxed-simd']);
    for (const result of results) {
      result.forEach((value, index) => {
        expect(Math.abs(value - results[0]![index]!)).toBeLessThan(1e-4);
      });
    }
    expect(chosenBuild('simd')).toBe('simd');
  });

  test('names that the graph does not have', async () => {
    const spec = specOf(espcn());
    await expect(native.loadModel({ ...spec, input: 'nobody' })).rejects.toThrow(/^input=nobody/);
    await expect(native.loadModel({ ...spec, outputs: ['y', 'z'] })).rejects.toThrow(/^output=z/);
  });

  test('kernels that do not load', async () => {
    const broken = createNativeModule({ ...assets, relaxedKernelsURL: 'data:,nothing' });
    await expect(broken.loadModel(specOf(espcn()))).rejects.toThrow(
      /cannot load the kernels from data:,nothing/,
    );
  });
});

describe('what there is no layer for', () => {
  const load = (...nodes: GraphNode[]): Promise<unknown> =>
    native.loadModel({
      graph: graph(placeholder('x', [1, -1, -1, 4]), ...nodes),
      batchFree: true,
      input: 'x',
      outputs: [nodes.at(-1)!.name],
    });

  test('is named before the first frame, all of it', async () => {
    const fused = { fused_ops: ['BiasAdd', 'Add'] };
    await expect(
      load(
        node('b', 'Bucketize', ['x']),
        ...convolution('c', 'x', [3, 3, 4, 4], { data_format: 'NHWC', ...fused }).map((entry) =>
          entry.op === 'Conv2D' ? { ...entry, op: '_FusedConv2D' } : entry,
        ),
        node('m', 'MaxPool', ['c'], {
          data_format: 'NCHW',
          ksize: [1, 1, 2, 2],
          strides: [1, 1, 2, 2],
          padding: 'VALID',
        }),
        node('y', 'Zeta', ['b', 'm']),
      ),
    ).rejects.toThrow(/no layer for: .*_FusedConv2D with fused.*Bucketize.*Zeta/);
  });

  test('a network of a fixed size that contradicts itself', async () => {
    const wrong = graph(
      placeholder('x', [1, 2, 2, 1]),
      ...convolution('y', 'x', [3, 3, 1, 1], { padding: 'VALID' }),
    );
    await expect(
      native.loadModel({ graph: wrong, batchFree: true, input: 'x', outputs: ['y'] }),
    ).rejects.toThrow(/too small/);
  });
});
