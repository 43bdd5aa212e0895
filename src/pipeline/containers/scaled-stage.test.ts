import { expect, test } from 'vitest';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import type { Frame } from '../../frame/frame.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { FilterStage, FilterSurroundings } from '../inference/job-filter.ts';
import type { SettledLink } from '../planning/containers/settle-links.ts';
import { scaledStages, scaledStream } from './scaled-stage.ts';

/** `ffmpeg -cpuflags 0 -f rawvideo -s 8x6 -pix_fmt yuv420p -i FILE -vf scale=4:8 -f rawvideo -` */
// prettier-ignore
const yuvOut = [
  102, 205, 147, 106, 168, 134, 172, 89, 212, 97, 158, 103, 174, 123, 116, 136,
  75, 110, 136, 116, 147, 117, 92, 150, 183, 132, 90, 164, 138, 142, 136, 147,
  141, 157, 181, 85, 181, 85, 125, 173, 101, 165, 109, 189, 109, 189, 149, 117,
];
/** The same of rgb24, from 6x4 to 4x3. */
// prettier-ignore
const rgbOut = [
  71, 91, 111, 98, 118, 138, 121, 141, 161, 147, 167, 187, 99, 119, 139, 125,
  145, 165, 149, 169, 189, 175, 195, 215, 127, 147, 167, 153, 173, 193, 176, 196,
  216, 203, 223, 243,
];

const link = (format: PixelFormat, width: number, height: number, isScaled = true): SettledLink => ({
  ...{ format, width, height, sampleAspectRatio: { num: 3, den: 1 } },
  scaled: isScaled ? [{ width, height }] : [],
});

/** One frame from the pool. */
function stream(frame: Frame): FrameStream & { readonly state: { stopped: boolean } } {
  const { format, width, height } = frame;
  const state = { stopped: false };
  const info = {
    format,
    width,
    height,
    sampleAspectRatio: { num: 1, den: 1 },
    timeBase: { num: 1, den: 25 },
  };
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing to wait for
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    yield frame;
  }
  const stop = (): void => {
    state.stopped = true;
  };
  return { info, state, frames: frames(), stop };
}

function frameOf(
  buffers: BufferPool,
  format: PixelFormat,
  width: number,
  height: number,
  sample: (index: number) => number,
): Frame {
  const buffer = buffers.take(frameLayout(format, width, height).size);
  new Uint8Array(buffer).forEach((_, index, bytes) => {
    bytes[index] = sample(index);
  });
  return frameFromBuffer(format, width, height, 7, buffer);
}

async function only({ frames }: FrameStream): Promise<Frame> {
  const all: Frame[] = [];
  for await (const frame of frames) all.push(frame);
  expect(all.length).toBe(1);
  return all[0]!;
}

test('planar frames come out as from ffmpeg, and the buffers go round', async () => {
  const buffers = new BufferPool(4);
  const input = stream(frameOf(buffers, 'yuv420p', 8, 6, (i) => 90 + 37 * i + i * i));
  const output = scaledStream(input, link('yuv420p', 4, 8), buffers);
  expect(output.info).toMatchObject({ width: 4, height: 8, sampleAspectRatio: { num: 3, den: 1 } });
  const frame = await only(output);
  expect(frame).toMatchObject({ format: 'yuv420p', width: 4, height: 8, pts: 7 });
  expect([...new Uint8Array(frame.buffer)]).toEqual(yuvOut);
  expect(buffers.outstanding).toBe(1);
  expect(buffers.idleBytes).toBe(72);
  output.stop();
  expect(input.state.stopped).toBe(true);
});

test('packed frames are off by 3 at most where nothing is hard', async () => {
  const buffers = new BufferPool(4);
  const sample = (i: number): number =>
    60 + (Math.floor(i / 3) % 6) * 17 + Math.floor(i / 18) * 23 + (i % 3) * 20;
  const frame = await only(
    scaledStream(stream(frameOf(buffers, 'rgb24', 6, 4, sample)), link('rgb24', 4, 3), buffers),
  );
  const off = [...frame.data[0]!].map((value, index) => Math.abs(value - rgbOut[index]!));
  expect(Math.max(...off)).toBeLessThanOrEqual(3);
});

test('the stage before, and the last one behind, get and give frames of their size', async () => {
  const buffers = new BufferPool(4);
  const seen: string[] = [];
  const stage: FilterStage = {
    ...{ detects: true, mostInFlight: 3, framesIn: 4, firstIn: 5, memoryBytes: 6, strayTensors: 7 },
    start: (input) => {
      seen.push(`${input.info.width}x${input.info.height}`);
      return input;
    },
    stats: () => [],
    terminate: (reason) => seen.push(String(reason)),
  };
  const links = {
    ...{ convertTo: undefined, head: link('gray', 8, 6, false) },
    before: [link('gray', 4, 4), link('gray', 4, 4, false)],
    behind: link('gray', 2, 2, false),
  };
  const [scaled, plain] = scaledStages([stage, stage], links);
  expect(plain).toBe(stage);
  expect(scaled).toMatchObject({
    detects: true,
    mostInFlight: 3,
    framesIn: 4,
    firstIn: 5,
    memoryBytes: 6,
    strayTensors: 7,
  });
  expect(scaled!.stats()).toEqual([]);
  const input = stream(frameOf(buffers, 'gray', 8, 6, () => 9));
  const [behind] = scaledStages([scaled!], {
    ...links,
    before: [link('gray', 4, 4, false)],
    behind: link('gray', 2, 2),
  });
  const output = behind!.start(input, { buffers } as FilterSurroundings);
  expect(seen).toEqual(['4x4']);
  expect([...new Uint8Array((await only(output)).buffer)]).toEqual([9, 9, 9, 9]);
  behind!.terminate('ended');
  expect(seen).toEqual(['4x4', 'ended']);
});
