/**
 * The filters sr and derain beside what they are made of: ffmpeg's scale,
 * dnn_processing, and ffmpeg's own timeline.
 */
import type { FFmpegPage } from './ffmpeg-page.ts';
import { doubleModel, scaleModel, smoothModel, windowModel } from './models.ts';
import { expect, test } from './page-test.ts';

/** Runs a chain on `in.mkv` and gives the raw frames. */
async function filtered(ffmpeg: FFmpegPage, chain: string, ...options: readonly string[]): Promise<Buffer> {
  await ffmpeg.make(...options, '-i', 'in.mkv', '-vf', chain, '-f', 'rawvideo', 'out.raw');
  return ffmpeg.read('out.raw');
}

/** A lossless clip of a format and size. */
async function clip(ffmpeg: FFmpegPage, frames: number, format: string, size: string): Promise<void> {
  await ffmpeg.clip('in.mkv', frames, '-vf', `scale=${size},format=${format}`, '-c:v', 'ffv1');
}

const lumaFormats = ['yuv420p', 'yuv422p', 'yuv444p', 'yuv410p', 'yuv411p', 'gray'];
/** Even, odd, and so small that chroma has two samples in a row. */
const sizes = ['64:48', '37:23', '5:7'];

for (const [index, format] of lumaFormats.entries()) {
  test(`sr with a model that keeps the size is scale and the model, ${format}`, async ({ ffmpeg }) => {
    await ffmpeg.write('smooth.pb', smoothModel(1));
    for (const factor of [2, 3, 4]) {
      const size = sizes[(index + factor) % sizes.length]!;
      const backend = (index + factor) % 2 === 0 ? 'native' : 'tensorflow';
      await clip(ffmpeg, 3, format, size);
      const model = `dnn_backend=${backend}:model=smooth.pb`;
      const ours = await filtered(ffmpeg, `sr=${model}:scale_factor=${factor}`);
      const scaled = `scale=iw*${factor}:ih*${factor}:flags=bicubic`;
      const wanted = await filtered(ffmpeg, `${scaled},dnn_processing=${model}:input=x:output=y`);
      const [width, height] = size.split(':').map(Number) as [number, number];
      expect(wanted.length).toBeGreaterThan(3 * factor ** 2 * width * height - 1);
      expect(ours.equals(wanted), `${backend}, ${size}, ${factor} times`).toBe(true);
      const unchanged = await filtered(ffmpeg, scaled);
      expect(ours.equals(unchanged), 'the model changes something').toBe(false);
    }
  });
}

test('sr in batches, strips and one frame at a time gives the same frames', async ({ ffmpeg }) => {
  await ffmpeg.write('smooth.pb', smoothModel(1));
  await clip(ffmpeg, 9, 'yuv420p', '37:41');
  const plain = await filtered(ffmpeg, 'sr=model=smooth.pb');
  expect(plain.length).toBe(9 * (74 * 82 + 2 * 37 * 41));
  for (const more of [
    'async=0',
    'nireq=2:batch_size=4',
    'nireq=1:batch_size=2:dnn_backend=tensorflow',
    'backend_configs=conv2d_threads=2',
    "backend_configs='conv2d_threads=3&nireq=1&batch_size=2'",
  ]) {
    await ffmpeg.make('-i', 'in.mkv', '-vf', `sr=model=smooth.pb:${more}`, '-f', 'rawvideo', 'out.raw');
    const bytes = await ffmpeg.read('out.raw');
    if (more.includes('tensorflow')) expect(bytes.length).toBe(plain.length);
    else expect(bytes.equals(plain), more).toBe(true);
  }
  const log = await ffmpeg.make(
    ...['-i', 'in.mkv', '-vf', 'sr=model=smooth.pb:backend_configs=conv2d_threads=2', '-f', 'null', '-'],
  );
  expect(log.some((line) => /^sr: conv2d_threads=2: strips over 2 workers/.test(line))).toBe(true);
});

for (const backend of ['native', 'tensorflow']) {
  test(`sr with a model that enlarges is dnn_processing, ${backend}`, async ({ ffmpeg }) => {
    await ffmpeg.write('window.pb', windowModel(1));
    for (const format of ['yuv420p', 'yuv411p', 'gray']) {
      await clip(ffmpeg, 3, format, '37:23');
      const model = `dnn_backend=${backend}:model=window.pb`;
      const ours = await filtered(ffmpeg, `sr=${model}:scale_factor=3`);
      const wanted = await filtered(ffmpeg, `dnn_processing=${model}:input=x:output=y`);
      expect(ours.length).toBeGreaterThan(3 * 74 * 46 - 1);
      expect(ours.equals(wanted), format).toBe(true);
    }
  });

  test(`derain is dnn_processing on RGB, ${backend}`, async ({ ffmpeg }) => {
    await ffmpeg.write('smooth.pb', smoothModel(3));
    await clip(ffmpeg, 5, 'yuv420p', '37:23');
    const model = `dnn_backend=${backend}:model=smooth.pb`;
    const ours = await filtered(ffmpeg, `derain=${model}:filter_type=dehaze`);
    const wanted = await filtered(ffmpeg, `format=rgb24,dnn_processing=${model}:input=x:output=y`);
    expect(wanted.length).toBe(5 * 37 * 23 * 3);
    expect(ours.equals(wanted)).toBe(true);
  });
}

test('enable touches the frames that it names, and the others pass byte for byte', async ({ ffmpeg }) => {
  await ffmpeg.write('smooth.pb', smoothModel(3));
  await clip(ffmpeg, 9, 'rgb24', '32:24');
  const frameSize = 32 * 24 * 3;
  const before = await filtered(ffmpeg, 'format=rgb24');
  const all = await filtered(ffmpeg, 'derain=model=smooth.pb');
  for (const more of ['', ':async=0', ':nireq=2:batch_size=4', ':backend_configs=conv2d_threads=2']) {
    const after = await filtered(ffmpeg, `derain=model=smooth.pb:enable='between(n,2,4)'${more}`);
    expect(after.length).toBe(9 * frameSize);
    for (let n = 0; n < 9; n++) {
      const frame = (bytes: Buffer): Buffer => bytes.subarray(n * frameSize, (n + 1) * frameSize);
      expect(frame(all).equals(frame(before)), `frame ${n}: the model changes something`).toBe(false);
      expect(frame(after).equals(frame(n >= 2 && n <= 4 ? all : before)), `frame ${n}${more}`).toBe(true);
    }
  }
});

test("enable is what it is to ffmpeg's own filters", async ({ ffmpeg }) => {
  await ffmpeg.write('black.pb', scaleModel([0, 0, 0]));
  await clip(ffmpeg, 20, 'rgb24', '16:12');
  for (const [enable, ...options] of [
    ['between(t,0.2,0.4)'],
    ['lt(t,0.2)+eq(n,12)'],
    ['not(mod(n,3))*eq(w,16)*eq(h,12)'],
    ['gte(st(0,ld(0)+0.1),0.75)'],
    ['between(t,0.2,0.4)', '-ss', '0.2'],
    ['between(n,2,4)', '-ss', '0.2', '-copyts'],
    ['between(t,0.2,0.4)', '-ss', '0.2', '-copyts'],
    ['0.49'],
    ['-0.5'],
  ] as const) {
    const ours = await filtered(ffmpeg, `derain=model=black.pb:enable='${enable}'`, ...options);
    const theirs = await filtered(ffmpeg, `lutrgb=r=0:g=0:b=0:enable='${enable}'`, ...options);
    expect(ours.equals(theirs), `${enable} ${options.join(' ')}`).toBe(true);
  }
});

test('a timeline that is never on, and another filter behind it', async ({ ffmpeg }) => {
  await ffmpeg.write('smooth.pb', smoothModel(3));
  await ffmpeg.write('double.pb', doubleModel(1));
  await clip(ffmpeg, 7, 'rgb24', '32:24');
  const double = 'format=gray,sr=model=double.pb';
  const never = await filtered(ffmpeg, `derain=model=smooth.pb:enable=0,${double}`);
  expect(never.equals(await filtered(ffmpeg, double))).toBe(true);
  const log = await ffmpeg.make('-i', 'in.mkv', '-vf', 'derain=model=smooth.pb:enable=0', '-f', 'null', '-');
  expect(log.some((line) => line.startsWith('derain: 32x24 -> 32x24 rgb24'))).toBe(true);
});

test('what a filter cannot take is refused before anything is written', async ({ ffmpeg }) => {
  await ffmpeg.write('one.pb', smoothModel(1));
  await ffmpeg.write('three.pb', smoothModel(3));
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.write('fixed.pb', scaleModel([0.5], { size: [24, 32] }));
  await clip(ffmpeg, 2, 'yuv420p', '32:24');
  for (const [chain, code, words] of [
    [
      'sr=model=three.pb',
      'EIO',
      'sr: the input of the model three.pb has 3 channels, a frame of yuv420p needs 1',
    ],
    ['sr=model=fixed.pb', 'EIO', 'the frame has 48 (64x48 yuv420p): sr enlarges the frame 2 times'],
    ['sr=model=one.pb:scale_factor=5', 'EINVAL', 'out of range [2 - 4]'],
    ['sr=model=one.pb:dnn_backend=onnx', 'EINVAL', 'dnn_backend=onnx reads models of ONNX'],
    ['sr=model=one.pb:dnn_backend=torch', 'ENOSYS', 'torch'],
    ["sr=model=one.pb:enable='gt(t,1)'", 'ENOSYS', "not supported with filter 'sr'"],
    ['sr=model=one.pb:input=z', 'EINVAL', "has no input 'z'"],
    [
      'derain=model=one.pb',
      'EIO',
      'derain: the input of the model one.pb has 1 channel, a frame of rgb24 needs 3',
    ],
    ['derain=model=double.pb', 'EIO', 'makes 64x48 of a 32x24 frame, which has to keep its size'],
    ["derain=model=three.pb:enable='gt(q,1)'", 'EINVAL', "Undefined constant or missing '(' in 'q,1)'"],
    ["derain=model=three.pb:enable='gt(time(0),1)'", 'EINVAL', 'Function time() is not available'],
    ['derain=model=three.pb:enable=while(1\\,0)', 'EINVAL', 'took more than 1000000 rounds'],
  ] as const) {
    const { error } = await ffmpeg.run(['-i', 'in.mkv', '-vf', chain, '-f', 'rawvideo', 'out.raw']);
    expect(error?.code, chain).toBe(code);
    expect(error?.message).toContain(words);
  }
});

test('-h filter=NAME shows the options', async ({ ffmpeg }) => {
  expect((await ffmpeg.make('-h', 'filter=sr')).join('\n')).toMatch(/^ {3}scale_factor +<int>.*default 2/m);
  expect((await ffmpeg.make('-h', 'filter=derain')).join('\n')).toContain('support for timeline');
});
