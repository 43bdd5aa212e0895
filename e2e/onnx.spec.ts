/** Models of ONNX, with their weights in a file beside them, in the filters. */
import {
  onnxFloats,
  onnxNode,
  onnxValue,
  writeOnnx,
  type TestNode,
  type TestTensor,
} from '../src/model/onnx/onnx-writer.test-support.ts';
import { expect, test } from './page-test.ts';

/** A picture of 3 channels of any size, through these nodes. */
function pictures(nodes: readonly TestNode[], constants: readonly TestTensor[]): Buffer {
  const values = {
    inputs: [onnxValue('x', ['n', 3, 'h', 'w'])],
    outputs: [onnxValue('y', ['n', 3, 'H', 'W'])],
  };
  return Buffer.from(writeOnnx({ graph: { ...values, nodes, constants } }));
}

/** Swaps red and blue, and doubles the pixels. */
const doubling = pictures(
  [
    onnxNode('Conv', ['x', 'w'], 'c'),
    onnxNode('Resize', ['c', '', 'factors'], 'y', {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    }),
  ],
  [
    { name: 'w', type: 1, dims: [3, 3, 1, 1], external: { location: 'weights.data', offset: '4' } },
    onnxFloats('factors', [4], [1, 1, 2, 2]),
  ],
);
const weights = Buffer.from(Float32Array.of(9, 0, 0, 1, 0, 1, 0, 1, 0, 0).buffer);

test('weights beside the model, on both backends', async ({ ffmpeg }) => {
  await ffmpeg.clip('in.mkv', 3, '-vf', 'scale=37:23,format=rgb24', '-c:v', 'ffv1', '-pix_fmt', 'bgr0');
  await ffmpeg.write('double.onnx', doubling);
  await ffmpeg.write('weights.data', weights);
  const raw = async (chain: string): Promise<Buffer> => {
    await ffmpeg.make(
      '-i',
      'in.mkv',
      '-vf',
      `format=rgb24,${chain}`,
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      'out.raw',
    );
    return ffmpeg.read('out.raw');
  };
  const expected = await raw('colorchannelmixer=0:0:1:0:0:1:0:0:1:0:0:0,scale=iw*2:ih*2:flags=neighbor');
  expect(expected.length).toBe(3 * 74 * 46 * 3);
  for (const backend of [
    '',
    ':dnn_backend=tensorflow',
    ':dnn_backend=onnx',
    ':dnn_backend=onnx:backend_configs=engine=ort&nireq=2',
    ':dnn_backend=onnx:backend_configs=engine=ort:async=0:batch_size=2',
  ]) {
    const ours = await raw(`dnn_processing=model=double.onnx:input=x:output=y${backend}`);
    expect(ours.equals(expected), backend).toBe(true);
  }
});

/** Turns a picture of 16x16 upside down, by an operator that the kernels do not have. */
const turned = Buffer.from(
  writeOnnx({
    graph: {
      inputs: [onnxValue('x', [1, 3, 16, 16])],
      outputs: [onnxValue('y', [1, 3, 16, 16])],
      nodes: [onnxNode('GridSample', ['x', 'grid'], 'y', { align_corners: 1 })],
      constants: [
        onnxFloats(
          'grid',
          [1, 16, 16, 2],
          Array.from({ length: 256 }, (_, i) => [
            ((i % 16) * 2) / 15 - 1,
            1 - (Math.floor(i / 16) * 2) / 15,
          ]).flat(),
        ),
      ],
    },
  }),
);

test('what the kernels lack runs on ONNX Runtime, and a line says so', async ({ ffmpeg }) => {
  await ffmpeg.clip('in.mkv', 3, '-vf', 'scale=16:16,format=rgb24', '-c:v', 'ffv1', '-pix_fmt', 'bgr0');
  await ffmpeg.write('turned.onnx', turned);
  const hashes = async (chain: string): Promise<string> => {
    const log = await ffmpeg.make(
      '-i',
      'in.mkv',
      '-vf',
      `format=rgb24,${chain}`,
      '-f',
      'framemd5',
      'out.txt',
    );
    expect(log.filter((line) => /runs on ONNX Runtime .*GridSample/.test(line))).toHaveLength(
      chain.includes('turned') ? 1 : 0,
    );
    return (await ffmpeg.read('out.txt')).toString();
  };
  const ours = await hashes('dnn_processing=model=turned.onnx:dnn_backend=onnx');
  expect(ours).toBe(await hashes('vflip'));
  for (const [options, code, words] of [
    ['dnn_backend=onnx:backend_configs=engine=native', 'ENOSYS', 'not supported: GridSample'],
    ['dnn_backend=native', 'ENOSYS', 'or write dnn_backend=onnx, which runs them on ONNX Runtime'],
    ['dnn_backend=onnx:backend_configs=engine=fast', 'EINVAL', 'auto, native, ort'],
  ] as const) {
    const chain = `format=rgb24,dnn_processing=model=turned.onnx:input=x:output=y:${options}`;
    const { error } = await ffmpeg.run(['-i', 'in.mkv', '-vf', chain, '-f', 'null', '-']);
    expect(error?.code, options).toBe(code);
    expect(error?.message).toContain(words);
  }
});

test('what cannot be read is said before anything is written', async ({ ffmpeg }) => {
  await ffmpeg.clip('in.mkv', 1, '-vf', 'scale=16:16,format=rgb24', '-c:v', 'ffv1');
  await ffmpeg.write('double.onnx', doubling);
  await ffmpeg.write('cut.onnx', doubling.subarray(0, 100));
  await ffmpeg.write('sampler.onnx', pictures([onnxNode('GridSample', ['x', 'x'], 'y')], []));
  for (const [model, code, words] of [
    ['double.onnx', 'ENOENT', "looked for in '/weights.data'"],
    ['cut.onnx', 'EINVAL', 'of 100; the file is cut or damaged'],
    ['sampler.onnx', 'ENOSYS', "operators that are not supported: GridSample ('node_y')"],
  ] as const) {
    const chain = `dnn_processing=model=${model}:input=x:output=y`;
    const { error } = await ffmpeg.run(['-i', 'in.mkv', '-vf', chain, '-f', 'rawvideo', 'out.raw']);
    expect(error?.code, model).toBe(code);
    expect(error?.message).toContain(words);
  }
});
