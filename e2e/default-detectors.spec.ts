/**
 * The default models for detection and classification, against an evaluation of the same files by tfjs alone.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { io, setBackend, tensor4d, type Tensor } from '@tensorflow/tfjs-core';
import { drawFace } from './drawn-face.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import type { FoundBox, FoundFrame } from './found-detections.ts';
import { expect, test } from './page-test.ts';

const models = join(import.meta.dirname, '..', 'public', 'models');
const [width, height] = [320, 240];
const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** The outputs of a model for one input, by tfjs. */
async function byTfjs(
  backend: 'cpu' | 'wasm',
  name: string,
  input: string,
  dtype: 'float32' | 'int32',
  shape: [number, number, number, number],
  values: readonly number[],
  outputs: readonly string[],
): Promise<number[][]> {
  setWasmPaths(`${join(wasm, '../wasm-out')}/`);
  await setBackend(backend);
  const json = JSON.parse(await readFile(join(models, `${name}.json`), 'utf8')) as io.ModelJSON;
  const bytes = await readFile(join(models, `${name}.bin`));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights);
  const model = await loadGraphModel(
    io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs,
      weightData,
      ...(json.signature === undefined ? {} : { signature: json.signature }),
    }),
  );
  const result = await model.executeAsync({ [input]: tensor4d([...values], shape, dtype) }, [...outputs]);
  const tensors: readonly Tensor[] = Array.isArray(result) ? result : [result];
  return Promise.all(tensors.map(async (tensor) => [...(await tensor.data())]));
}

/** The face as packed RGB bytes, by ffmpeg's own scaler. */
async function pixels(ffmpeg: FFmpegPage, filters: string): Promise<number[]> {
  await ffmpeg.make(
    '-i',
    'face.png',
    '-vf',
    `format=rgb24,${filters}`,
    '-pix_fmt',
    'rgb24',
    '-f',
    'rawvideo',
    'pixels.raw',
  );
  return [...(await ffmpeg.read('pixels.raw'))];
}

/** The boxes of the one frame of the picture. */
async function found(ffmpeg: FFmpegPage, chain: string): Promise<readonly FoundBox[]> {
  await ffmpeg.make(
    '-i',
    'face.png',
    '-vf',
    `format=rgb24,${chain}`,
    '-dnn_detections',
    'found.jsonl',
    '-y',
    'drawn.png',
  );
  const line = (await ffmpeg.read('found.jsonl')).toString().trim();
  return (JSON.parse(line) as FoundFrame).bboxes;
}

async function open(ffmpeg: FFmpegPage, ...names: readonly string[]): Promise<void> {
  await drawFace(ffmpeg.page, 'face.png');
  for (const name of names) await ffmpeg.write(name, await readFile(join(models, name)));
}

function expectBox(box: FoundBox, x0: number, y0: number, x1: number, y1: number): void {
  const edges = [box.x, box.y, box.x + box.w, box.y + box.h];
  [x0, y0, x1, y1].forEach((edge, side) => {
    expect(
      Math.abs(edges[side]! - edge),
      `edge ${side} of ${JSON.stringify(box)}, ${edge} by tfjs`,
    ).toBeLessThanOrEqual(1);
  });
}

const logistic = (value: number): number => 1 / (1 + Math.exp(-value));

test('blazeface, emotion, drawbox: the drawn face is found, classified and framed', async ({ ffmpeg }) => {
  await open(
    ffmpeg,
    'blazeface.json',
    'blazeface.bin',
    'blazeface-labels.txt',
    'emotion.json',
    'emotion.bin',
    'emotion-labels.txt',
  );
  const detect =
    'dnn_detect=model=blazeface.json:input=input:output=Identity&Identity_1&Identity_2&Identity_3:' +
    'model_type=blazeface:scale=127.5:mean=127.5:labels=blazeface-labels.txt';
  const classify =
    'dnn_classify=model=emotion.json:input=input_1:output=Identity:scale=127.5:mean=127.5:confidence=0.1:' +
    'labels=emotion-labels.txt:target=face';
  const boxes = await found(
    ffmpeg,
    `${detect},${classify},drawbox=box_source=side_data_detection_bboxes:color=lime:t=2`,
  );
  expect(boxes).toHaveLength(1);
  const [box] = boxes as [FoundBox];
  expect(box.label).toBe('face');

  const input = (await pixels(ffmpeg, 'scale=256:256:flags=fast_bilinear')).map((byte) => byte / 127.5 - 1);
  const outputs = await byTfjs('wasm', 'blazeface', 'input', 'float32', [1, 256, 256, 3], input, [
    ...['Identity', 'Identity_1', 'Identity_2', 'Identity_3'],
  ]);
  // 16x16 places of two boxes and 8x8 places of six; boxes are offsets in pixels
  // of the input from their place.
  const candidates = [
    { count: 512, side: 16, each: 2 },
    { count: 384, side: 8, each: 6 },
  ].flatMap(({ count, side, each }) => {
    const logits = outputs.find(({ length }) => length === count)!;
    const rows = outputs.find(({ length }) => length === 16 * count)!;
    return logits.map((logit, index) => {
      const place = Math.floor(index / each);
      const [x, y, w, h] = rows.slice(16 * index, 16 * index + 4).map((value) => value / 256) as [
        number,
        number,
        number,
        number,
      ];
      const centre = { x: x + ((place % side) + 0.5) / side, y: y + (Math.floor(place / side) + 0.5) / side };
      return { score: logistic(logit), centre, w, h };
    });
  });
  const best = candidates.reduce((one, other) => (other.score > one.score ? other : one));
  expect(box.confidence).toBeCloseTo(best.score, 2);
  expectBox(
    box,
    (best.centre.x - best.w / 2) * width,
    (best.centre.y - best.h / 2) * height,
    (best.centre.x + best.w / 2) * width,
    (best.centre.y + best.h / 2) * height,
  );

  const crop = await pixels(
    ffmpeg,
    `crop=${box.w}:${box.h}:${box.x}:${box.y},scale=64:64:flags=fast_bilinear`,
  );
  const grey = Array.from({ length: 64 * 64 }, (_, at) => {
    const [red, green, blue] = crop.slice(3 * at, 3 * at + 3) as [number, number, number];
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 127.5 - 1;
  });
  const [emotions] = await byTfjs('wasm', 'emotion', 'input_1', 'float32', [1, 64, 64, 1], grey, [
    'Identity',
  ]);
  const names = (await readFile(join(models, 'emotion-labels.txt'), 'utf8')).trim().split('\n');
  const strongest = Math.max(...emotions!);
  expect(box.classifications.map(({ label }) => label)).toEqual([names[emotions!.indexOf(strongest)]]);
  expect(box.classifications[0]!.confidence).toBeCloseTo(strongest, 1);

  await ffmpeg.make('-i', 'drawn.png', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'drawn.raw');
  const drawn = await ffmpeg.read('drawn.raw');
  expect([...drawn.subarray(3 * (box.y * width + box.x), 3 * (box.y * width + box.x) + 3)]).toEqual([
    0, 255, 0,
  ]);
});

test('centernet: the boxes of a picture', async ({ ffmpeg }) => {
  await open(ffmpeg, 'centernet.json', 'centernet.bin', 'coco-labels.txt');
  const confidence = 0.1;
  const boxes = await found(
    ffmpeg,
    `dnn_detect=model=centernet.json:input=tower_0/images:output=tower_0/detections:model_type=centernet:confidence=${confidence}:labels=coco-labels.txt`,
  );
  const input = await pixels(ffmpeg, 'scale=512:512:flags=fast_bilinear');
  const [detections] = await byTfjs(
    'wasm',
    'centernet',
    'tower_0/images',
    'float32',
    [1, 512, 512, 3],
    input,
    ['tower_0/detections'],
  );
  const names = (await readFile(join(models, 'coco-labels.txt'), 'utf8')).trim().split('\n');
  const rows = Array.from({ length: 100 }, (_, row) => detections!.slice(6 * row, 6 * row + 6));
  const expected = rows.filter((row) => row[4]! >= confidence);
  expect(expected.length).toBeGreaterThan(0);
  expect(boxes.map(({ label }) => label)).toEqual(expected.map((row) => names[Math.round(row[5]!)]));
  expected.forEach((row, index) => {
    const [x0, y0, x1, y1] = row.slice(0, 4).map((value) => value / 512) as [number, number, number, number];
    expectBox(boxes[index]!, x0 * width, y0 * height, x1 * width, y1 * height);
  });
});

test('handtrack: control flow, non-max suppression and the four outputs of TensorFlow', async ({
  ffmpeg,
}) => {
  await open(ffmpeg, 'handtrack.json', 'handtrack.bin', 'handtrack-labels.txt');
  const outputs = ['Identity_5', 'Identity_4', 'Identity_2', 'Identity_1'];
  const confidence = 0.05;
  const boxes = await found(
    ffmpeg,
    `dnn_detect=model=handtrack.json:input=input_tensor:output=${outputs.join('&')}:confidence=${confidence}:labels=handtrack-labels.txt`,
  );
  // The plain JavaScript backend: the WebAssembly one casts 0.03 to false, which loses nearly all boxes.
  const [number, scores, classes, places] = await byTfjs(
    'cpu',
    'handtrack',
    'input_tensor',
    'int32',
    [1, height, width, 3],
    await pixels(ffmpeg, 'null'),
    outputs,
  );
  const names = (await readFile(join(models, 'handtrack-labels.txt'), 'utf8')).trim().split('\n');
  const expected = Array.from({ length: Math.trunc(number![0]!) }, (_, index) => index).filter(
    (index) => scores![index]! >= confidence,
  );
  expect(expected.length).toBeGreaterThan(0);
  expect(boxes.map(({ label }) => label)).toEqual(
    expected.map((index) => names[Math.round(classes![index]!)]),
  );
  expected.forEach((index, at) => {
    const [y0, x0, y1, x1] = places!.slice(4 * index, 4 * index + 4) as [number, number, number, number];
    expectBox(boxes[at]!, x0 * width, y0 * height, x1 * width, y1 * height);
  });
});
