/** The runner with frames that are enlarged before they go through the model. */
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { copyForWorker, joinStrips } from './frame-strips.ts';
import { FakeModel, testFrame } from './inference-runner.test-support.ts';
import { InferenceRunner } from './inference-runner.ts';
import type { DNNData, FrameSize, RowRange } from '../contract/interface.ts';
import { scaleFrame } from './scale-frame.ts';
import { splitRows } from '../contract/split-rows.ts';

/** Inverts 8-bit frames, which keep their size. */
class KeepingByteModel extends FakeModel {
  takesBytes(size: FrameSize, out: FrameSize): Promise<boolean> {
    return Promise.resolve(out.width === size.width && out.height === size.height);
  }
  executeBytes(
    images: readonly Uint8Array[],
    { width, height }: FrameSize,
    out: readonly Uint8Array[],
    rows: RowRange = { from: 0, to: height },
  ): Promise<void> {
    for (const [index, image] of images.entries()) {
      const own = image.subarray(rows.from * width, rows.to * width);
      out[index]!.set(own.map((value) => 255 - value));
    }
    return Promise.resolve();
  }
}

describe('frames that are enlarged first', () => {
  const [width, height, outWidth, outHeight] = [6, 9, 12, 18];
  const items = (format: PixelFormat, scaleFirst = true) =>
    [0, 1, 2].map((pts) => ({
      frame: testFrame(format, width, height, pts),
      outWidth,
      outHeight,
      ...(scaleFirst ? { scaleFirst } : {}),
    }));
  /** The same, enlarged by the caller. */
  const enlarged = (format: PixelFormat) =>
    items(format, false).map((item) => {
      const frame = allocateFrame(format, outWidth, outHeight, item.frame.pts);
      scaleFrame(item.frame, frame);
      return { ...item, frame };
    });
  const negated = (input: DNNData): DNNData[] => [{ ...input, data: input.data.map((value) => 1 - value) }];

  test.each(['yuv420p', 'yuv411p', 'gray'] as const)('are what scaling before gives, %s', async (format) => {
    const model = new FakeModel(negated);
    const runner = new InferenceRunner(model, true);
    const given = items(format);
    const result = await runner.run(given);
    const wanted = await new InferenceRunner(new FakeModel(negated), true).run(enlarged(format));
    expect(result.outputs).toEqual(wanted.outputs);
    expect(model.inputs).toEqual([[3, outHeight, outWidth, 1]]);
    // The small frames are given back, the enlarged ones are kept for the next request.
    expect(result.spent).toHaveLength(3);
    result.spent.forEach((buffer, index) => {
      expect(buffer).toBe(given[index]!.frame.buffer);
    });
    const enlargedBytes = 3 * wanted.outputs[0]!.buffer.byteLength;
    expect(result.memoryBytes - wanted.memoryBytes).toBe(enlargedBytes);
    const again = await runner.run(items(format));
    expect(again.outputs).toEqual(wanted.outputs);
    expect(again.memoryBytes).toBe(result.memoryBytes);
  });

  test('may be computed in rows, by a model that takes bytes', async () => {
    const model = new KeepingByteModel();
    const runner = new InferenceRunner(model, true);
    const whole = await runner.run(items('yuv420p'));
    expect(whole.outputs).toEqual((await runner.run(enlarged('yuv420p'))).outputs);
    const rows = splitRows(outHeight, 2);
    expect(rows).toHaveLength(2);
    const parts: (readonly Frame[])[] = [];
    for (const range of rows) {
      const sent = items('yuv420p').map((item) =>
        copyForWorker({ ...item, rows: range }, (n) => new ArrayBuffer(n)),
      );
      parts.push((await runner.run(sent)).outputs);
    }
    whole.outputs.forEach((frame, index) => {
      const strips = parts.map((part) => part[index]!);
      expect(joinStrips(strips, rows)).toEqual(frame);
    });
  });
});
