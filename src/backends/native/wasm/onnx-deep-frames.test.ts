/** Frames of 10 to 16 bits through a network of ONNX, against onnxruntime and plain rounding. */
import { expect, test } from 'vitest';
import { InferenceRunner } from '../../../dnn/run/inference-runner.ts';
import { modelChannels } from '../../../frame/pixel-format.ts';
import { allocateFrame } from '../../../frame/plane-layout.ts';
import { feedChannelsLast } from '../../../graph/feed-channels-last.ts';
import { loadModel } from '../../../model/load-model.ts';
import { onnxFloats, onnxNode, onnxValue, writeOnnx } from '../../../model/onnx/onnx-writer.test-support.ts';
import { specOf } from '../lowering/networks.test-support.ts';
import { nativeModel } from './native-model.test-support.ts';
import { runBoth } from './onnx-net.test-support.ts';

/** Sizes that a network's strips and tiles do not divide. */
const [width, height] = [37, 23];

/** Plane and place in it of each channel's sample of a pixel. */
const places = {
  yuv420p10le: (_: number, pixel: number) => [0, pixel],
  gray16le: (_: number, pixel: number) => [0, pixel],
  rgb48le: (channel: number, pixel: number) => [0, 3 * pixel + channel],
  gbrp10le: (channel: number, pixel: number) => [[2, 0, 1][channel]!, pixel],
} as const;

test.each([
  ['yuv420p10le', 1023],
  ['gray16le', 65535],
  ['rgb48le', 65535],
  ['gbrp10le', 1023],
] as const)('%s is within one step of onnxruntime', async (format, largest) => {
  const channels = modelChannels(format);
  const frame = allocateFrame(format, width, height, 0);
  new Uint16Array(frame.buffer).forEach((_, i, all) => (all[i] = (i * i * 97 + 13 * i) & largest));
  const planes = frame.data.map((plane) => new Uint16Array(plane.buffer, plane.byteOffset, plane.length / 2));
  const samples = (of: readonly Uint16Array[]): number[] =>
    Array.from({ length: channels * width * height }, (_, at) => {
      const [plane, place] = places[format](Math.floor(at / (width * height)), at % (width * height));
      return of[plane!]![place!]!;
    });
  const kernel = Array.from(
    { length: channels * channels * 25 },
    (_, i) => (((i * 37) % 19) - 8) / (40 * channels),
  );
  const net = {
    constants: [onnxFloats('w', [channels, channels, 5, 5], kernel)],
    nodes: [onnxNode('Conv', ['x', 'w'], 'c', { pads: [2, 2, 2, 2] }), onnxNode('Sigmoid', ['c'], 'y')],
  };
  const data = Float32Array.from(samples(planes), (sample) => sample / largest);
  const both = await runBoth(net, [1, channels, 'h', 'w'], [1, channels, height, width], data);
  const graph = { ...net, inputs: [onnxValue('x', [1, channels, 'h', 'w'])], outputs: [onnxValue('y', [])] };
  const read = await loadModel('m.onnx', () => Promise.resolve(writeOnnx({ graph })));
  const pictures = feedChannelsLast(read, { input: 'x', outputs: ['y'], pictures: true });
  const runner = new InferenceRunner(nativeModel(specOf(pictures)), true);
  const { outputs } = await runner.run([{ frame, outWidth: width, outHeight: height }]);
  runner.close();
  const given = samples(
    outputs[0]!.data.map((plane) => new Uint16Array(plane.buffer, plane.byteOffset, plane.length / 2)),
  );
  const steps = given.map((sample, at) => Math.abs(sample - Math.round(largest * both.expected[at]!)));
  expect(Math.max(...steps)).toBeLessThanOrEqual(1);
  expect(new Set(given).size).toBeGreaterThan(100);
});
