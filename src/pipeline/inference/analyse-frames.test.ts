/**
 * Detection and classification through the stage and the executor, over a pool that
 * finds what a frame's bytes say.
 */
import { expect, test } from 'vitest';
import type {
  AnalyticsOptions,
  AnalyticsResult,
  ClassifyOptions,
  DetectOptions,
} from '../../dnn/contract/analytics-spec.ts';
import { isRequestOf, type RunnerTask } from '../../dnn/run/runner-kinds.ts';
import { confidenceOf, type DetectionBBox } from '../../frame/detection-bboxes.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer } from '../../frame/plane-layout.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { dnnStage } from './dnn-stage.ts';
import type { StageWorkers } from './dnn-stage-options.ts';
import { source } from '../frames/frame-source.test-support.ts';
import { options, type StageSettings } from './dnn-stage.test-support.ts';

const detect: DetectOptions = {
  kind: 'detect',
  modelType: 'ssd',
  confidence: 0.5,
  labels: [],
  cellW: 0,
  cellH: 0,
  nbClasses: 0,
  anchors: [],
  nms: 'none',
  nmsThreshold: 0.5,
};
const classify: ClassifyOptions = { kind: 'classify', confidence: 0.5, labels: [] };

function box(x: number, detectLabel = 'face'): DetectionBBox {
  return { x, y: 0, w: 1, h: 1, detectLabel, detectConfidence: confidenceOf(0.9), classifications: [] };
}

const task = (of: AnalyticsOptions): RunnerTask => ({
  kind: 'analyse',
  setup: { input: { width: -1, height: -1, channels: 1, order: 'rgb', mean: 0, scale: 1 }, options: of },
});

/** A pool whose model makes no pictures. */
function finding(
  find: (frames: readonly Frame[]) => Promise<readonly AnalyticsResult[]>,
): StageWorkers['pool'] {
  return {
    size: 2,
    run: async (_worker, request) => {
      if (!isRequestOf('analyse', request)) throw new Error('this model makes no pictures');
      const outputs = await find(request.items);
      const spent = request.items.map(({ buffer }) => buffer);
      return { kind: 'analyse', outputs, spent, msExecute: 1, msIo: 0, memoryBytes: 10, strayTensors: 0 };
    },
  };
}

/** As many boxes as the pts modulo 3, with random delay. */
async function findBoxes(frames: readonly Frame[]): Promise<readonly AnalyticsResult[]> {
  for (let turn = (frames[0]!.pts * 7) % 5; turn > 0; turn--) await new Promise(setImmediate);
  return frames.map(({ data }) => ({
    kind: 'detect' as const,
    bboxes: Array.from({ length: data[0]![0]! % 3 }, (_, index) => box(index)),
  }));
}

async function run(
  overrides: Partial<StageSettings>,
  boxesOf?: (pts: number) => readonly DetectionBBox[],
): Promise<{ frames: Frame[]; outstanding: number; lines: string[]; seen: number[] }> {
  const buffers = new BufferPool(8);
  const plain = source(30, buffers);
  const lines: string[] = [];
  const seen: number[] = [];
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for await (const { pts: time, buffer } of plain.frames) {
      buffers.give(buffer);
      const frame = frameFromBuffer('gray', 4, 2, time, buffers.take(8));
      frame.data[0]!.fill(time);
      const bboxes = boxesOf?.(frame.pts) ?? [];
      yield bboxes.length === 0 ? frame : { ...frame, detections: { source: 'det.pb', bboxes } };
    }
  }
  const stage = dnnStage(
    { ...plain, info: { ...plain.info, width: 4, height: 2 }, frames: frames() },
    options({
      buffers,
      outWidth: 4,
      outHeight: 2,
      pool: finding(findBoxes),
      log: (level, message) => lines.push(`${level}: ${message}`),
      onFrame: ({ pts }) => seen.push(pts),
      ...overrides,
    }),
  );
  const out: Frame[] = [];
  for await (const frame of stage.frames) {
    // The buffer is used for later frames once it is given back.
    out.push({ ...frame, data: frame.data.map((plane) => plane.slice()) });
    buffers.give(frame.buffer);
  }
  return { frames: out, outstanding: buffers.outstanding, lines, seen };
}

const pts = Array.from({ length: 30 }, (_, index) => index);

test.each([
  [1, true],
  [4, true],
  [1, false],
])('frames pass in order with their boxes: batch_size=%d async=%s', async (batchSize, async) => {
  const { frames, outstanding, seen } = await run({
    batchSize,
    async,
    task: task(detect),
    model: 'det.pb',
  });
  expect(frames.map((frame) => frame.pts)).toEqual(pts);
  expect(seen).toEqual(pts);
  for (const frame of frames) {
    expect(frame.data[0]![0]).toBe(frame.pts);
    // No box, no side data.
    expect(frame.detections?.bboxes.length).toBe(frame.pts % 3 === 0 ? undefined : frame.pts % 3);
    if (frame.detections !== undefined) expect(frame.detections.source).toBe('det.pb');
  }
  expect(outstanding).toBe(0);
});

test('a frame that has boxes already passes as it is, which is said once', async () => {
  const { frames, lines } = await run({ task: task(detect), model: 'second.pb' }, (time) =>
    time % 2 === 0 ? [box(7)] : [],
  );
  expect(frames[4]!.detections).toEqual({ source: 'det.pb', bboxes: [box(7)] });
  expect(frames[5]!.detections?.source).toBe('second.pb');
  expect(lines.filter((line) => line.includes('boxes of an earlier filter'))).toHaveLength(1);
});

test('boxes of several frames share a request, and each gets its own classification', async () => {
  const sizes: number[] = [];
  const crops: number[] = [];
  const { frames, outstanding } = await run(
    {
      nireq: 2,
      batchSize: 4,
      task: task({ ...classify, target: 'FACE' }),
      model: 'emotion.pb',
      pool: finding((sent) => {
        sizes.push(sent.length);
        crops.push(...sent.map(({ width }) => width));
        const results = sent.map((frame) => ({
          kind: 'classify' as const,
          classification: { label: `p${frame.pts}`, confidence: confidenceOf(0.75) },
        }));
        return Promise.resolve(results);
      }),
    },
    (time) => [box(0), box(1, 'car'), box(0)].slice(0, time % 4),
  );
  expect(frames.map((frame) => frame.pts)).toEqual(pts);
  expect(Math.max(...sizes)).toBe(4);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(7 + 7 + 2 * 7 + 1);
  expect(new Set(crops)).toEqual(new Set([1]));
  for (const { pts: time, detections } of frames) {
    const labels = detections?.bboxes.map(({ classifications }) => classifications.map(({ label }) => label));
    const own = [`p${time}`];
    expect(labels).toEqual([undefined, [own], [own, []], [own, [], own]][time % 4]);
    if (time % 4 > 0) expect(detections?.source).toBe('det.pb, emotion.pb');
  }
  expect(outstanding).toBe(0);
});

test('on_error=passthrough lets the frame go on without boxes, and names it', async () => {
  const { frames, lines, outstanding } = await run({
    onError: 'passthrough',
    batchSize: 3,
    task: task(detect),
    model: 'det.pb',
    pool: finding((sent) =>
      sent.some((frame) => frame.pts === 10 || frame.pts === 11)
        ? Promise.reject(new Error('NaN in layer 3'))
        : findBoxes(sent),
    ),
  });
  expect(frames.map((frame) => frame.pts)).toEqual(pts);
  expect(frames[10]!.detections).toBeUndefined();
  expect(frames[11]!.detections).toBeUndefined();
  expect(frames[13]!.detections?.bboxes).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('error'))).toEqual([
    expect.stringContaining('the frame with pts 10'),
    expect.stringContaining('the frame with pts 11'),
  ]);
  expect(outstanding).toBe(0);
});
