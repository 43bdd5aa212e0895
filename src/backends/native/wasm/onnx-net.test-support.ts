/** Runs whole nets of ONNX as filters do, and on onnxruntime. */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { DNNModelSpec } from '../../../dnn/contract/interface.ts';
import { feedChannelsLast } from '../../../graph/feed-channels-last.ts';
import { loadModel } from '../../../model/load-model.ts';
import {
  onnxValue,
  writeOnnx,
  type TestNode,
  type TestTensor,
} from '../../../model/onnx/onnx-writer.test-support.ts';
import { specOf } from '../lowering/networks.test-support.ts';
import { nativeModel } from './native-model.test-support.ts';

/** Nodes from x to y. */
export interface Net {
  readonly nodes: readonly TestNode[];
  readonly constants: readonly TestTensor[];
}

/** NCHW to NHWC. */
export function channelsLast(
  data: Float32Array,
  [, c, h, w]: readonly [number, number, number, number],
): Float32Array {
  const turned = new Float32Array(data.length);
  for (let at = 0; at < turned.length; at++) {
    const [channel, pixel] = [at % c, Math.floor(at / c)];
    turned[at] = data[(Math.floor(pixel / (h * w)) * c + channel) * h * w + (pixel % (h * w))]!;
  }
  return turned;
}

/** Values of y in the order of the file, on both, and what the native backend ran. */
export interface BothResults {
  readonly expected: Float32Array;
  readonly dims: readonly number[];
  readonly given: Float32Array;
  readonly spec: DNNModelSpec;
}

/**
 * @param declared the sizes of x that the file says.
 * @param data of the shape, channels first.
 */
export async function runBoth(
  net: Net,
  declared: readonly (number | string)[],
  shape: readonly [number, number, number, number],
  data: Float32Array,
): Promise<BothResults> {
  const graph = { ...net, inputs: [onnxValue('x', declared)], outputs: [onnxValue('y', [])] };
  const bytes = writeOnnx({ graph });
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const { data: expected, dims } = (await session.run({ x: new OrtTensor('float32', data, shape) }))['y']!;
  await session.release();
  const read = await loadModel('m.onnx', () => Promise.resolve(bytes));
  const spec = specOf(feedChannelsLast(read, { input: 'x', outputs: ['y'], pictures: false }));
  const native = nativeModel(spec);
  const [n, c, h, w] = shape;
  const [result] = await native.execute({ data: channelsLast(data, shape), dims: [n, h, w, c] });
  native.close();
  return { expected: expected as Float32Array, dims, given: Float32Array.from(result!.data), spec };
}
