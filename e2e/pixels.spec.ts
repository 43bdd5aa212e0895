/** The pixels of the result against what the models' arithmetic gives. */
import { dnn, doubleModel, scaleModel, skipModel } from './models.ts';
import { expect, test } from './page-test.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';

const width = 64;
const height = 48;
const frames = 4;
/** No 8-bit value times this one lies near a half, so rounding is no matter of taste. */
const factor = 0.3712;

/** Raw frames of the test source in a pixel format. */
async function source(ffmpeg: FFmpegPage, format: string): Promise<Buffer> {
  await ffmpeg.clip('in.raw', frames, '-pix_fmt', format, '-f', 'rawvideo');
  return ffmpeg.read('in.raw');
}

/** Runs a chain on the raw frames and gives raw frames. */
async function filtered(ffmpeg: FFmpegPage, format: string, chain: string): Promise<Buffer> {
  const raw = ['-f', 'rawvideo', '-pix_fmt', format, '-video_size', `${width}x${height}`];
  await ffmpeg.make(...raw, '-i', 'in.raw', '-vf', chain, '-f', 'rawvideo', 'out.raw');
  return ffmpeg.read('out.raw');
}

/** Bytes of a frame that the model sees, at its start, and the factor of each of them in turn. */
const byteFormats = [
  { format: 'rgb24', seen: 3 * width * height, factors: [factor, 1, 0.5521] },
  { format: 'bgr24', seen: 3 * width * height, factors: [factor, 1, 0.5521] },
  ...['gray', 'yuv420p', 'yuv422p', 'yuv444p', 'yuv410p', 'yuv411p', 'nv12'].map((format) => ({
    format,
    seen: width * height,
    factors: [factor],
  })),
];

test('every 8-bit pixel format: the model on its channels, chroma as it was', async ({ ffmpeg }) => {
  for (const { format, seen, factors } of byteFormats) {
    await ffmpeg.write('scale.pb', scaleModel(factors));
    const before = await source(ffmpeg, format);
    const after = await filtered(ffmpeg, format, dnn('scale.pb'));
    const frameSize = before.length / frames;
    const expected = Buffer.from(
      before.map((value, index) =>
        index % frameSize < seen ? Math.round(value * factors[index % factors.length]!) : value,
      ),
    );
    expect(after.equals(expected), format).toBe(true);
    expect(expected.equals(before), `${format}: the model changes something`).toBe(false);
  }
});

/** Samples of a frame that the model sees, at its start, and how many follow with the same factor. */
const deepFormats = [
  { format: 'yuv420p10le', depth: 10, seen: width * height, factors: [factor], run: 1 },
  { format: 'gray16le', depth: 16, seen: width * height, factors: [factor], run: 1 },
  { format: 'rgb48le', depth: 16, seen: 3 * width * height, factors: [factor, 1, 0.5521], run: 1 },
  // Planes of green, blue and red: the model has its factors for red, green and blue.
  {
    format: 'gbrp10le',
    depth: 10,
    seen: 3 * width * height,
    factors: [1, 0.5521, factor],
    run: width * height,
  },
];

test('more than 8 bits come out with their depth, within one step', async ({ ffmpeg }) => {
  for (const { format, depth, seen, factors, run } of deepFormats) {
    await ffmpeg.write('scale.pb', scaleModel(factors.length === 1 ? factors : [factor, 1, 0.5521]));
    const before = await source(ffmpeg, format);
    const after = await filtered(ffmpeg, format, dnn('scale.pb'));
    expect(after.length, format).toBe(before.length);
    const frameSize = before.length / 2 / frames;
    let largest = 0;
    for (let place = 0; place < before.length / 2; place++) {
      const value = before.readUInt16LE(2 * place);
      const at = place % frameSize;
      const expected = at < seen ? value * factors[Math.floor(at / run) % factors.length]! : value;
      const off = Math.abs(after.readUInt16LE(2 * place) - expected);
      if (off > (at < seen ? 1 : 0)) expect(off, `${format}, sample ${place}`).toBe(0);
      largest = Math.max(largest, value);
    }
    expect(largest, format).toBeGreaterThan(2 ** (depth - 1));
  }
});

test('grayf32 stays float, bit by bit', async ({ ffmpeg }) => {
  await ffmpeg.write('scale.pb', scaleModel([factor]));
  const before = await source(ffmpeg, 'grayf32le');
  const after = await filtered(ffmpeg, 'grayf32le', dnn('scale.pb'));
  expect(after.length).toBe(before.length);
  for (let offset = 0; offset < before.length; offset += 4) {
    const expected = Math.fround(before.readFloatLE(offset) * Math.fround(factor));
    if (after.readFloatLE(offset) !== expected)
      expect(after.readFloatLE(offset), `byte ${offset}`).toBe(expected);
  }
});

test('twice the size: luma by the model, chroma enlarged with it', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(1));
  const before = await source(ffmpeg, 'yuv420p');
  const after = await filtered(ffmpeg, 'yuv420p', dnn('double.pb'));
  expect(after.length).toBe(4 * before.length);
  const frameBefore = (width * height * 3) / 2;
  for (let frame = 0; frame < frames; frame++) {
    for (let place = 0; place < 4 * width * height; place++) {
      const x = (place % (2 * width)) >> 1;
      const y = Math.floor(place / (2 * width)) >> 1;
      const expected = before[frame * frameBefore + y * width + x];
      const value = after[4 * frame * frameBefore + place];
      if (value !== expected) expect(value, `frame ${frame}, pixel ${place}`).toBe(expected);
    }
  }
  // The mean of the colour planes stays.
  const mean = (bytes: Buffer, start: number, end: number): number =>
    bytes.subarray(start, end).reduce((sum, value) => sum + value, 0) / (end - start);
  const chromaBefore = mean(before, width * height, frameBefore);
  expect(Math.abs(mean(after, 4 * width * height, 4 * frameBefore) - chromaBefore)).toBeLessThan(1);
});

test('a network that takes multiples of 8 gets padded frames, and the result is cut', async ({ ffmpeg }) => {
  await ffmpeg.write('skip.pb', skipModel(factor / 2, 8));
  const before = await source(ffmpeg, 'gray');
  const cropped = await filtered(ffmpeg, 'gray', 'crop=61:47:0:0:exact=1');
  expect(cropped.length).toBe(frames * 61 * 47);
  expect(before.length).toBe(frames * width * height);
  const after = await filtered(ffmpeg, 'gray', `crop=61:47:0:0:exact=1,${dnn('skip.pb')}`);
  expect(after.equals(cropped.map((value) => Math.round(value * factor)))).toBe(true);
});

test('DNN filters in a row, with and without a filter of ffmpeg between', async ({ ffmpeg }) => {
  await ffmpeg.write('scale.pb', scaleModel([factor]));
  await ffmpeg.write('double.pb', doubleModel(1));
  const before = await source(ffmpeg, 'gray');
  const twice = await filtered(ffmpeg, 'gray', `${dnn('scale.pb')},${dnn('scale.pb')}`);
  const once = before.map((value) => Math.round(value * factor));
  expect(twice.equals(once.map((value) => Math.round(value * factor)))).toBe(true);

  const enlarged = await filtered(
    ffmpeg,
    'gray',
    `${dnn('double.pb')},${dnn('double.pb')},hflip,${dnn('scale.pb')}`,
  );
  expect(enlarged.length).toBe(frames * 16 * width * height);

  const mirrored = await filtered(ffmpeg, 'gray', `${dnn('scale.pb')},hflip,${dnn('scale.pb')}`);
  const flipped = twice.map((_, index) => twice[index - (index % width) + width - 1 - (index % width)]!);
  expect(mirrored.equals(flipped)).toBe(true);

  const cropped = await filtered(ffmpeg, 'gray', `${dnn('double.pb')},crop=100:70:10:20,${dnn('scale.pb')}`);
  expect(cropped.length).toBe(frames * 100 * 70);
  for (let place = 0; place < 100 * 70; place++) {
    const x = (10 + (place % 100)) >> 1;
    const y = (20 + Math.floor(place / 100)) >> 1;
    const expected = Math.round(before[y * width + x]! * factor);
    if (cropped[place] !== expected) expect(cropped[place], `pixel ${place}`).toBe(expected);
  }
});

test('batches, requests in flight and synchronous runs give the same bytes', async ({ ffmpeg }) => {
  await ffmpeg.write('scale.pb', scaleModel([factor, 1, 0.5]));
  await source(ffmpeg, 'rgb24');
  const run = (options: string): Promise<Buffer> => filtered(ffmpeg, 'rgb24', dnn('scale.pb', options));
  const plain = await run('');
  for (const options of [
    ':nireq=1',
    ':nireq=3',
    ':batch_size=3',
    ':nireq=2:batch_size=4',
    ':async=0',
    ':async=0:batch_size=2',
    ":backend_configs='nireq=1&batch_size=8'",
  ]) {
    expect((await run(options)).equals(plain), options).toBe(true);
  }
});
