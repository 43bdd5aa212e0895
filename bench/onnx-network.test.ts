import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testKernels } from '../src/backends/native/wasm/kernels.test-support.ts';
import { layerTable } from '../src/backends/native/wasm/layer-table.ts';
import { NativeModel } from '../src/backends/native/wasm/native-model.ts';
import { optimizeGraph } from '../src/graph/optimize-graph.ts';
import { readGraphDef } from '../src/model/graphdef/read-graphdef.ts';
import { benchInput } from './bench-input.mjs';
import { graphDefOf } from './graphdef-network.mjs';
import * as networks from './networks.mjs';
import { NodePeer } from './node-peer.mjs';
import { onnxOf } from './onnx-network.mjs';

/** The package has no binary for some systems. */
const binaries = `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}`;

/** With one channel, all orders of DepthToSpace are the same. */
function colours(net: networks.NetworkBuilder): void {
  net.output(net.depthToSpace(net.conv(net.input(3), { kernel: 3, from: 3, to: 12 }), 2));
}

describe.skipIf(!existsSync(binaries))('a network as ONNX, run by onnxruntime-node', () => {
  const cases = [
    { name: 'espcn', describe: networks.espcn, channels: 1 },
    { name: 'srcnn', describe: networks.srcnn, channels: 1 },
    { name: 'can', describe: networks.can, channels: 3 },
    { name: 'esrgan-slim', describe: networks.esrganSlim, channels: 3 },
    { name: 'anime4k-s', describe: networks.anime4k('s'), channels: 3 },
    { name: 'anime4k-m', describe: networks.anime4k('m'), channels: 3 },
    { name: 'anime4k-l', describe: networks.anime4k('l'), channels: 3 },
    { name: 'depth to space of colours', describe: colours, channels: 3 },
  ];
  it.each(cases)('$name gives what the GraphDef gives', async ({ describe: network, channels }) => {
    const size = { width: 24, height: 20, channels };
    const peer = await NodePeer.start(onnxOf(network, size), size);
    const result = await nativeResult(graphDefOf(network, size), size);
    expect(spreadOf(result)).toBeGreaterThan(0.05);
    expect(peer.differenceFrom(result)).toBeLessThan(2e-5);
  });
});

/** How far apart values are: a network that gives the same everywhere would prove nothing. */
function spreadOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value)) - values.reduce((a, b) => Math.min(a, b));
}

async function nativeResult(
  bytes: Uint8Array,
  size: { width: number; height: number; channels: number },
): Promise<Float32Array> {
  const names = { input: 'x', outputs: ['y'] };
  const model = new NativeModel({
    spec: { ...optimizeGraph(readGraphDef(bytes, 'test'), names), ...names },
    table: layerTable,
    kernelChoice: 'direct',
    instantiate: () => testKernels('simd'),
  });
  const [result] = await model.execute({
    data: benchInput(size),
    dims: [1, size.height, size.width, size.channels],
  });
  return result!.data;
}
