import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { InferenceRunner } from './inference-runner.ts';
import { copyForWorker, joinStrips } from './frame-strips.ts';
import { FakeModel, nearest2x, testFrame } from './inference-runner.test-support.ts';
import type { DNNData, DNNModel, FrameSize, RowRange } from '../contract/interface.ts';
import type { PlannedBytes } from '../contract/planned-bytes.ts';
import { splitRows } from '../contract/split-rows.ts';

const doubled = (frame: Frame) => ({ frame, outWidth: 2 * frame.width, outHeight: 2 * frame.height });

/** What nearest2x makes of plane 0, without going through floats. */
function doubledPlane({ width, height, data }: Frame, channels: number): number[] {
  return Array.from({ length: width * height * channels * 4 }, (_, i) => {
    const x = Math.floor(i / channels) % (2 * width);
    const y = Math.floor(i / (channels * 2 * width));
    return data[0]![((y >> 1) * width + (x >> 1)) * channels + (i % channels)]!;
  });
}

/** Converts 8-bit frames itself, where they are to become twice as large. */
class ByteModel extends FakeModel {
  readonly images: number[] = [];

  takesBytes(size: FrameSize, out: FrameSize): Promise<boolean> {
    return Promise.resolve(out.width === 2 * size.width && out.height === 2 * size.height);
  }
  executeBytes(
    images: readonly Uint8Array[],
    size: FrameSize,
    out: readonly Uint8Array[],
    rows: RowRange = { from: 0, to: 2 * size.height },
  ): Promise<void> {
    this.images.push(images.length);
    const { height, width, channels } = size;
    const rowBytes = 2 * width * channels;
    for (const [index, image] of images.entries()) {
      const { data } = nearest2x({ data: Float32Array.from(image), dims: [1, height, width, channels] });
      expect(out[index]!.length).toBe((rows.to - rows.from) * rowBytes);
      out[index]!.set(data.subarray(rows.from * rowBytes, rows.to * rowBytes));
    }
    return Promise.resolve();
  }
  rowShares(size: FrameSize, out: FrameSize, parts: readonly RowRange[]): Promise<readonly number[]> {
    return Promise.resolve(parts.map(({ from, to }) => ((to - from) * size.channels) / out.height));
  }
}

/** Plans its memory, 100 bytes a column; it takes no frames of one pixel. */
class PlanningModel extends ByteModel {
  arenaBytes({ width, height }: FrameSize): Promise<number> {
    if (width * height > 1) return Promise.resolve(100 * width);
    return Promise.reject(new DnnError('EINVAL', 'too small'));
  }
}

test('the memory of a run is what the model plans, and float tensors where the frames need them', async () => {
  const runner = new InferenceRunner(new PlanningModel(), true);
  const planned = (format: PixelFormat, width: number, scale: number): Promise<PlannedBytes | undefined> =>
    runner.plannedBytes({ format, width, height: 1, outWidth: scale * width, outHeight: scale });
  expect(await planned('rgb24', 6, 2)).toEqual({ arenaBytes: 600, tensorBytes: 0 });
  expect(await planned('yuv420p', 6, 2)).toEqual({ arenaBytes: 600, tensorBytes: 0 });
  expect(await planned('rgb24', 6, 3)).toEqual({ arenaBytes: 600, tensorBytes: 4 * 3 * (6 + 18 * 3) });
  expect(await planned('grayf32le', 6, 2)).toEqual({ arenaBytes: 600, tensorBytes: 4 * (6 + 12 * 2) });
  expect(await planned('rgb48le', 6, 2)).toEqual({ arenaBytes: 600, tensorBytes: 4 * 3 * (6 + 12 * 2) });
  // The first frame says why.
  expect(await planned('rgb24', 1, 2)).toBeUndefined();
  const other = new InferenceRunner(new ByteModel(), true);
  const geometry = { format: 'gray', width: 2, height: 2, outWidth: 4, outHeight: 4 } as const;
  expect(await other.plannedBytes(geometry)).toBeUndefined();
});

describe('a model that takes bytes', () => {
  test.each(['rgb24', 'yuv420p'] as const)('gives the same frames as through tensors, %s', async (format) => {
    const items = () => [0, 1, 2].map((pts) => doubled(testFrame(format, 6, 4, pts)));
    const model = new ByteModel();
    const runner = new InferenceRunner(model, true);
    const size = (await new InferenceRunner(new FakeModel(), true).run(items())).outputs[0]!.buffer
      .byteLength;
    const reused = [new ArrayBuffer(size)];
    const result = await runner.run(items(), reused);
    const wanted = await new InferenceRunner(new FakeModel(), true).run(items());
    expect(result.outputs).toEqual(wanted.outputs);
    expect(result.outputs[0]!.buffer).toBe(reused[0]);
    expect(result.memoryBytes).toBe(1000);
    expect([model.images, model.inputs]).toEqual([[3], []]);
  });

  test('is fed with tensors where a frame is of floats or another size comes out', async () => {
    const model = new ByteModel();
    await new InferenceRunner(model, true).run([doubled(testFrame('grayf32le', 6, 4, 0))]);
    expect([model.images, model.inputs]).toEqual([[], [[1, 4, 6, 1]]]);
    const frame = testFrame('gray', 6, 4, 0);
    const wrong = new InferenceRunner(model, true).run([{ frame, outWidth: 7, outHeight: 4 }]);
    await expect(wrong).rejects.toThrow(/where \[1, 4, 7, 1\] was expected/);
  });
});

describe('rows of a result', () => {
  test.each(['rgb24', 'gray', 'yuv420p', 'nv12'] as const)(
    'joined are the whole result, %s',
    async (format) => {
      const model = new ByteModel();
      const runner = new InferenceRunner(model, true);
      const items = () => [0, 1].map((pts) => doubled(testFrame(format, 6, 20, pts)));
      const whole = await runner.run(items());
      const rows = splitRows(40, 3);
      expect(rows).toHaveLength(3);
      const parts: Frame[][] = [];
      for (const range of rows) {
        const sent = items().map((item) =>
          copyForWorker({ ...item, rows: range }, (n) => new ArrayBuffer(n)),
        );
        const { outputs, spent } = await runner.run(sent, []);
        expect(spent).toEqual(sent.map(({ frame }) => frame.buffer));
        parts.push([...outputs]);
      }
      // All items of a part ran together.
      expect(model.images).toEqual([2, 2, 2, 2]);
      for (const [index, frame] of whole.outputs.entries()) {
        expect(parts.map((part) => part[index]!.pts)).toEqual([index, index, index]);
        expect(
          joinStrips(
            parts.map((part) => part[index]!),
            rows,
          ),
        ).toEqual(frame);
      }
    },
  );

  test('items of different rows run one by one', async () => {
    const model = new ByteModel();
    const item = () => doubled(testFrame('gray', 6, 20, 0));
    const rows = [
      { from: 16, to: 32 },
      { from: 32, to: 40 },
    ];
    const { outputs } = await new InferenceRunner(model, true).run(
      rows.map((range) => ({ ...item(), rows: range })),
    );
    expect(outputs.map(({ height }) => height)).toEqual([16, 8]);
    expect(model.images).toEqual([1, 1]);
  });

  test('what they cost is what the model says; nothing for floats, and where the model has no answer', async () => {
    const rows = splitRows(40, 2);
    const out = { width: 12, height: 40 };
    const shares = (format: PixelFormat, model: DNNModel) =>
      new InferenceRunner(model, true).rowShares({ format, width: 6, height: 20 }, out, rows);
    expect(await shares('yuv420p', new ByteModel())).toEqual([16 / 40, 24 / 40]);
    expect(await shares('rgb24', new ByteModel())).toEqual([48 / 40, 72 / 40]);
    expect(await shares('grayf32le', new ByteModel())).toBeUndefined();
    expect(await shares('gray', new FakeModel())).toBeUndefined();
  });

  test('are refused by a model that knows whole frames only', async () => {
    const item = { ...doubled(testFrame('gray', 6, 20, 4)), rows: { from: 16, to: 40 } };
    const run = new InferenceRunner(new FakeModel(), true).run([item]);
    await expect(run).rejects.toThrow('Rows 16 … 39 of the result are asked for (pts 4)');
  });
});

describe('a request', () => {
  test.each(['rgb24', 'gray', 'yuv420p', 'nv12'] as const)(
    'goes through the network in one batch, %s',
    async (format) => {
      const model = new FakeModel();
      const frames = [0, 1, 2].map((pts) => testFrame(format, 6, 4, pts));
      const result = await new InferenceRunner(model, true).run(frames.map(doubled));
      const channels = format === 'rgb24' ? 3 : 1;
      expect(model.inputs).toEqual([[3, 4, 6, channels]]);
      expect(result.outputs.map(({ pts, width, height, format: f }) => [pts, width, height, f])).toEqual(
        [0, 1, 2].map((pts) => [pts, 12, 8, format]),
      );
      for (const [index, frame] of result.outputs.entries()) {
        expect([...frame.data[0]!]).toEqual(doubledPlane(frames[index]!, channels));
      }
      expect(result.spent).toEqual(frames.map((frame) => frame.buffer));
      // The model, three frames of 6x4 and three twice as wide and high.
      expect(result.memoryBytes).toBe(1000 + 3 * (1 + 4) * 4 * 6 * channels * 4);
    },
  );

  test('carries the chroma over: flat chroma stays flat at the new size, and is the own frame’s', async () => {
    const frames = [50, 200].map((value, pts) => {
      const frame = testFrame('yuv420p', 8, 8, pts);
      frame.data[1]!.fill(value);
      frame.data[2]!.fill(value + 1);
      return frame;
    });
    const result = await new InferenceRunner(new FakeModel(), true).run(frames.map(doubled));
    for (const [index, value] of [50, 200].entries()) {
      expect(new Set(result.outputs[index]!.data[1])).toEqual(new Set([value]));
      expect(new Set(result.outputs[index]!.data[2])).toEqual(new Set([value + 1]));
    }
  });

  test('runs its items one by one where the batch is fixed, with the same result', async () => {
    const run = async (batchFree: boolean) => {
      const model = new FakeModel();
      const frames = [0, 1, 2].map((pts) => testFrame('rgb24', 5, 3, pts));
      const result = await new InferenceRunner(model, batchFree).run(frames.map(doubled));
      return {
        inputs: model.inputs,
        bytes: result.outputs.map((frame) => [...new Uint8Array(frame.buffer)]),
      };
    };
    const [fixed, free] = [await run(false), await run(true)];
    expect(fixed.inputs).toEqual([0, 1, 2].map(() => [1, 3, 5, 3]));
    expect(fixed.bytes).toEqual(free.bytes);
  });

  test('of frames of different sizes runs them one by one', async () => {
    const model = new FakeModel();
    const frames = [testFrame('gray', 4, 4, 0), testFrame('gray', 6, 2, 1)];
    const result = await new InferenceRunner(model, true).run(frames.map(doubled));
    expect(model.inputs).toEqual([
      [1, 4, 4, 1],
      [1, 2, 6, 1],
    ]);
    expect(result.outputs.map(({ width, height }) => [width, height])).toEqual([
      [8, 8],
      [12, 4],
    ]);
  });

  test('without items gives no frames', async () => {
    expect((await new InferenceRunner(new FakeModel(), true).run([])).outputs).toEqual([]);
  });
});

describe('memory', () => {
  test('one input tensor serves all requests, also a smaller last one', async () => {
    const model = new FakeModel();
    const runner = new InferenceRunner(model, true);
    for (const size of [3, 3, 1]) {
      const frames = Array.from({ length: size }, (_, pts) => testFrame('gray', 4, 4, pts));
      const result = await runner.run(frames.map(doubled));
      expect([...result.outputs[size - 1]!.data[0]!]).toEqual(doubledPlane(frames[size - 1]!, 1));
    }
    expect(model.inputs.map(([n]) => n)).toEqual([3, 3, 1]);
    expect(model.buffers.size).toBe(1);
  });

  test('results are written to the given buffers of the right size, each to its own', async () => {
    const right = new ArrayBuffer(64);
    const frames = [0, 1].map((pts) => testFrame('gray', 4, 4, pts));
    const result = await new InferenceRunner(new FakeModel(), false).run(frames.map(doubled), [
      new ArrayBuffer(63),
      right,
    ]);
    expect(result.outputs[0]!.buffer).not.toBe(right);
    expect(result.outputs[1]!.buffer).toBe(right);
    expect([...result.outputs[1]!.data[0]!]).toEqual(doubledPlane(frames[1]!, 1));
  });

  test('overlapping requests run one after another', async () => {
    const model = new FakeModel();
    const runner = new InferenceRunner(model, true);
    const frames = [0, 1, 2].map((pts) => testFrame('gray', 4, 4, pts));
    const results = await Promise.all(frames.map((frame) => runner.run([doubled(frame)])));
    for (const [index, result] of results.entries()) {
      expect([...result.outputs[0]!.data[0]!]).toEqual(doubledPlane(frames[index]!, 1));
    }
  });
});

describe('failure', () => {
  const frame = () => testFrame('gray', 4, 4, 9);
  test.each<[string, (input: DNNData) => readonly DNNData[], string]>([
    ['no output', () => [], 'no output'],
    ['another size', (input) => [input], '[1, 4, 4, 1]'],
    [
      'too few values',
      (input) => [{ ...nearest2x(input), data: new Float32Array(63) }],
      '[1, 8, 8, 1] with 63 values',
    ],
    [
      'another number of channels',
      () => [{ data: new Float32Array(192), dims: [1, 8, 8, 3] }],
      '[1, 8, 8, 3]',
    ],
  ])('a model that gives %s is refused with what it gave', async (_name, run, words) => {
    const running = new InferenceRunner(new FakeModel(run), true).run([doubled(frame())]);
    await expect(running).rejects.toThrow(DnnError);
    await expect(running).rejects.toMatchObject({ code: 'DNN_GENERIC_ERROR', details: { pts: 9 } });
    await expect(running).rejects.toThrow(words);
    await expect(running).rejects.toThrow('[1, 8, 8, 1] was expected');
  });

  test('gives the tensors of one execution back to the next one', async () => {
    const model = new FakeModel();
    const runner = new InferenceRunner(model, false);
    await runner.run([doubled(frame()), doubled(frame())]);
    await runner.run([doubled(frame())]);
    expect(model.spent).toEqual([[], model.outputs[0], model.outputs[1]]);
    expect(model.spent[2]?.[0]?.data).toBe(model.outputs[1]?.[0]?.data);
  });

  test('a request that fails does not hold up the next one', async () => {
    let failures = 1;
    const model = new FakeModel((input) => {
      if (failures-- > 0) throw new Error('out of luck');
      return [nearest2x(input)];
    });
    const runner = new InferenceRunner(model, true);
    const [first, second] = await Promise.allSettled([
      runner.run([doubled(frame())]),
      runner.run([doubled(frame())]),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'out of luck' } });
    expect(second.status).toBe('fulfilled');
  });

  test('a closed runner has closed its model and refuses', async () => {
    const model = new FakeModel();
    const runner = new InferenceRunner(model, true);
    runner.close();
    expect(model.closes).toBe(1);
    await expect(runner.run([doubled(frame())])).rejects.toMatchObject({ code: 'EINVAL' });
  });
});

test.each([
  ['floats', () => new FakeModel()],
  ['bytes', () => new ByteModel()],
])('a padded frame: by %s, the result is cut, and chroma is that of the frame', async (_, makeModel) => {
  for (const format of ['rgb24', 'yuv420p'] as const) {
    const frame = testFrame(format, 5, 3, 9);
    const plain = await new InferenceRunner(makeModel(), true).run([doubled(testFrame(format, 5, 3, 9))]);
    const padded = { width: 8, height: 4, outWidth: 16, outHeight: 8 };
    const answer = await new InferenceRunner(makeModel(), true).run([{ ...doubled(frame), padded }]);
    expect(answer.outputs).toEqual(plain.outputs);
    expect(answer.spent).toEqual([frame.buffer]);
  }
});
