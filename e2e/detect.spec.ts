/** dnn_detect and dnn_classify on the real page: models whose boxes and labels can be worked out by hand. */
import { constantModel, meanColourModel, ssdModel } from './detection-models.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import type { FoundFrame } from './found-detections.ts';
import { expect, test } from './page-test.ts';

/** 100x80: red, green and blue stripes of 40, 30 and 30 columns. */
const stripes =
  'color=red:size=100x80:rate=5,drawbox=x=40:w=30:h=80:color=lime:t=fill,drawbox=x=70:w=30:h=80:color=blue:t=fill';

/**
 * A box in each stripe, and one below the threshold between them, so that the boxes have to be compacted.
 */
const rows = [
  [1, 0.75, 0, 0, 0.4, 0.9],
  [2, 0.1, 0.1, 0.1, 0.2, 0.2],
  [3, 0.5, 0.405, 0.25, 0.695, 0.75],
  [0, 0.98765, 0.7, 0.5, 0.95, 0.875],
];

const boxes = [
  { x: 0, y: 0, w: 40, h: 72, confidence: 0.75 },
  { x: 40, y: 20, w: 29, h: 40, confidence: 0.5 },
  { x: 70, y: 40, w: 25, h: 30, confidence: 0.9876 },
];

async function detections(
  ffmpeg: FFmpegPage,
  chain: string,
  frames = 3,
  ...output: readonly string[]
): Promise<readonly FoundFrame[]> {
  // Ended at the source: filters before an output of few frames run ahead of it.
  const source = ['-f', 'lavfi', '-t', String(frames / 5), '-i', stripes, '-vf', chain];
  const sink = output.length > 0 ? output : ['-f', 'null', '-'];
  await ffmpeg.make(...source, '-dnn_detections', 'found.jsonl', ...sink);
  const text = (await ffmpeg.read('found.jsonl')).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FoundFrame);
}

const labelled = (labels: readonly string[]) =>
  boxes.map((box, index) => ({ ...box, label: labels[index], classifications: [] }));

for (const backend of ['tensorflow', 'native']) {
  test(`one output of [1,1,N,7], labels from a file: ${backend}`, async ({ ffmpeg }) => {
    await ffmpeg.write('ssd.pb', ssdModel(rows));
    await ffmpeg.write('labels.txt', Buffer.from('zero\n\none\r\ntwo\n'));
    const detect = `dnn_detect=dnn_backend=${backend}:model=ssd.pb:input=x:output=detection_out:labels=labels.txt`;
    const found = await detections(ffmpeg, `format=yuv420p,${detect}`);
    expect(found.map(({ pts, time }) => [pts, time])).toEqual([
      [0, 0],
      [1, 0.2],
      [2, 0.4],
    ]);
    for (const { bboxes, source } of found) {
      // Id 3 has no line in the file: the empty line counts for nothing.
      expect(bboxes).toEqual(labelled(['one', '3', 'zero']));
      expect(source).toBe('ssd.pb');
    }
    const before = await ffmpeg.read('found.jsonl');
    const { exitCode } = await ffmpeg.run([
      ...['-f', 'lavfi', '-i', stripes, '-i', 'absent.mkv', '-vf', detect],
      ...['-dnn_detections', 'found.jsonl', '-dnn_timeline', 'trace.json', '-f', 'null', '-'],
    ]);
    expect(exitCode).toBe(1);
    expect((await ffmpeg.read('found.jsonl')).equals(before)).toBe(true);
    expect(await ffmpeg.page.evaluate(() => window.ffmpeg.listDir('/'))).not.toContainEqual(
      expect.objectContaining({ name: 'trace.json' }),
    );
  });
}

test("the four outputs of TensorFlow's detection models, more boxes above the threshold with confidence=0", async ({
  ffmpeg,
}) => {
  const model = constantModel([
    { name: 'num', shape: [1], values: [2] },
    { name: 'scores', shape: [1, 3], values: [0.3, 0.9, 0.99] },
    { name: 'classes', shape: [1, 3], values: [7, 8, 9] },
    // y0, x0, y1, x1; the third is beyond num.
    { name: 'boxes', shape: [1, 3, 4], values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.9, 0.8, 0, 0, 1, 1] },
  ]);
  await ffmpeg.write('tf.pb', model);
  const detect = (more: string) =>
    `dnn_detect=dnn_backend=tensorflow:model=tf.pb:input=x:output=num&scores&classes&boxes${more}`;
  const [first] = await detections(ffmpeg, detect(''), 1);
  expect(first?.bboxes).toEqual([
    { x: 60, y: 40, w: 20, h: 32, label: '8', confidence: 0.9, classifications: [] },
  ]);
  const [all] = await detections(ffmpeg, detect(':confidence=0'), 1);
  expect(all?.bboxes.map(({ label, x, y, w, h }) => [label, x, y, w, h])).toEqual([
    ['7', 20, 8, 20, 16],
    ['8', 60, 40, 20, 32],
  ]);
});

for (const format of ['rgb24', 'yuv420p', 'nv12', 'yuv444p']) {
  test(`boxes are classified each by its own pixels, several to a request: ${format}`, async ({ ffmpeg }) => {
    await ffmpeg.write('ssd.pb', ssdModel(rows));
    await ffmpeg.write('colour.pb', meanColourModel());
    await ffmpeg.write('colours.txt', Buffer.from('red\ngreen\nblue\n'));
    const detect = 'dnn_detect=model=ssd.pb:input=x:output=detection_out';
    const classify =
      'dnn_classify=model=colour.pb:input=x:output=prob:scale=255:labels=colours.txt:batch_size=4:confidence=0.9';
    const found = await detections(ffmpeg, `format=${format},${detect},${classify}`, 7);
    expect(found).toHaveLength(7);
    for (const { bboxes, source } of found) {
      expect(source).toBe('ssd.pb, colour.pb');
      expect(bboxes.map(({ classifications }) => classifications.map(({ label }) => label))).toEqual([
        ['red'],
        ['green'],
        ['blue'],
      ]);
    }
    const [targeted] = await detections(ffmpeg, `format=${format},${detect},${classify}:target=3`, 1);
    expect(targeted?.bboxes.map(({ classifications }) => classifications.length)).toEqual([0, 1, 0]);
  });
}

test('frames pass untouched, and events come in order while the job runs', async ({ ffmpeg }) => {
  await ffmpeg.write('ssd.pb', ssdModel(rows));
  await ffmpeg.clip('in.mkv', 25, '-c:v', 'ffv1');
  const events = await ffmpeg.page.evaluate(async () => {
    const seen: { pts: number; boxes: number; width: number }[] = [];
    await window.ffmpeg.exec(
      [
        '-i',
        'in.mkv',
        '-vf',
        'dnn_detect=model=ssd.pb:input=x:output=detection_out',
        '-c:v',
        'ffv1',
        'out.mkv',
      ],
      { onDetections: ({ pts, bboxes, width }) => seen.push({ pts, boxes: bboxes.length, width }) },
    );
    return seen;
  });
  expect(events).toHaveLength(25);
  expect(events.map(({ pts }) => pts)).toEqual([...events.map(({ pts }) => pts)].sort((a, b) => a - b));
  expect(events.every(({ boxes: count, width }) => count === 3 && width === 64)).toBe(true);
  const plain = await ffmpeg.packets('in.mkv', '-c:v', 'rawvideo');
  expect(await ffmpeg.packets('out.mkv', '-c:v', 'rawvideo')).toEqual(plain);
});

test('no box: no side data, and the frame has its line all the same', async ({ ffmpeg }) => {
  await ffmpeg.write('ssd.pb', ssdModel([[1, 0.2, 0, 0, 1, 1]]));
  await ffmpeg.write('colour.pb', meanColourModel());
  const chain =
    'dnn_detect=model=ssd.pb:input=x:output=detection_out,dnn_classify=model=colour.pb:input=x:output=prob';
  const found = await detections(ffmpeg, chain, 4);
  expect(found.map(({ bboxes, source }) => [bboxes.length, source])).toEqual(
    Array.from({ length: 4 }, () => [0, '']),
  );
});

test('what cannot be read is refused with a reason', async ({ ffmpeg }) => {
  await ffmpeg.write(
    'three.pb',
    constantModel([{ name: 'out', shape: [1, 1, 2, 3], values: [1, 2, 3, 4, 5, 6] }]),
  );
  const run = (chain: string) =>
    ffmpeg.run(['-f', 'lavfi', '-i', stripes, '-frames:v', '1', '-vf', chain, '-f', 'null', '-']);
  const detect = 'dnn_detect=model=three.pb:input=x:output=out';
  const form = await run(detect);
  expect(form.error?.message).toMatch(/\[1, 1, 2, 3\]/);
  const labels = await run(`${detect}:labels=none.txt`);
  expect(labels.error?.code).toBe('EINVAL');
  expect(labels.error?.message).toContain("cannot read 'none.txt'");
  const anchors = await run(`${detect}:model_type=yolov3:nb_classes=1`);
  expect(anchors.error?.message).toContain('anchors');
});

test('conv2d_threads: frames to look for boxes in run whole, which is said with its reason', async ({
  ffmpeg,
}) => {
  await ffmpeg.write('ssd.pb', ssdModel(rows));
  const detect =
    'dnn_detect=dnn_backend=native:model=ssd.pb:input=x:output=detection_out:nireq=2:backend_configs=conv2d_threads=2';
  const log = await ffmpeg.make('-f', 'lavfi', '-t', '0.4', '-i', stripes, '-vf', detect, '-f', 'null', '-');
  expect(log.join('\n')).toContain('since rows of such frames are not computed alone by this model');
});
