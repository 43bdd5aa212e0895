import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DnnError } from '../base/errors.ts';
import type { CodecColors, DecodeResult } from './codec-contract.ts';
import { DecoderSession } from './decoder-session.ts';
import { KernelSource } from './kernel-source.ts';
import {
  FakeChunk,
  FakeDecoder,
  frames,
  mostQueued,
  openFrames,
  packet,
  resetFakes,
  size,
} from './video-decoder.test-support.ts';

const setup = { codec: 'known', timeBase: { num: 1, den: 25 } };
const frameBytes = (size.width * size.height * 3) / 2;

let session: DecoderSession;

beforeEach(async () => {
  vi.stubGlobal('VideoDecoder', FakeDecoder);
  vi.stubGlobal('EncodedVideoChunk', FakeChunk);
  resetFakes();
  session = new DecoderSession(new KernelSource());
  await session.beginDecoding(setup);
});

afterEach(async () => {
  vi.useRealTimers();
  await session.closeDecoder();
  expect(openFrames.size).toBe(0);
  vi.unstubAllGlobals();
});

const buffersOf = (count: number): ArrayBuffer[] =>
  Array.from({ length: count }, () => new ArrayBuffer(frameBytes));

const ptsOf = (...results: readonly DecodeResult[]): number[] =>
  results.flatMap((result) => result.frames.map(({ pts }) => pts));

/** What the decoder gives until there is no more. */
async function finish(): Promise<DecodeResult[]> {
  const results: DecodeResult[] = [];
  do results.push(await session.finishDecoding([]));
  while (results.at(-1)!.frames.length > 0);
  return results;
}

/** Until the decoder has done what there is to do. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('frames come in order of presentation, in their format and size, with the samples of the picture', async () => {
  const sent = [packet(0), packet(3, 'reorder'), packet(1, 'reorder'), packet(2), packet(4, 'reorder')];
  const first = await session.decode(sent.slice(0, 3), []);
  const second = await session.decode(sent.slice(3), []);
  const last = await finish();
  expect(ptsOf(first, second, ...last)).toEqual([0, 1, 2, 3, 4]);
  for (const { pts, buffer, ...shape } of [first, second, ...last].flatMap((result) => result.frames)) {
    expect(shape).toEqual({ format: 'yuv420p', width: 4, height: 2 });
    expect(new Uint8Array(buffer)).toEqual(new Uint8Array(frameBytes).fill(pts));
  }
  expect([first, second, ...last].map(({ failure }) => failure)).toEqual(
    Array(2 + last.length).fill(undefined),
  );
});

test('the queue of the decoder is bounded, however many packets come in a call', async () => {
  const { frames: given } = await session.decode(
    Array.from({ length: 100 }, (_, pts) => packet(pts)),
    [],
  );
  expect(given.length).toBeGreaterThan(90);
  expect(mostQueued).toBe(4);
});

test('two calls on their way are served in order', async () => {
  const results = await Promise.all([
    session.decode([packet(0), packet(1)], []),
    session.decode([packet(2)], []),
    session.finishDecoding([]),
  ]);
  expect(ptsOf(...results)).toEqual([0, 1, 2]);
  for (const [index, { start }] of results.slice(1).entries())
    expect(start).toBeGreaterThanOrEqual(results[index]!.end);
});

test('frames take the buffers that fit, and the others go back', async () => {
  const mine = [...buffersOf(2), new ArrayBuffer(1), ...buffersOf(2)];
  const result = await session.decode([packet(0), packet(1)], mine);
  const rest = await finish();
  const given = [result, ...rest].flatMap(({ frames, buffers }) => [
    ...frames.map(({ buffer }) => buffer),
    ...buffers,
  ]);
  expect(new Set(given)).toEqual(new Set(mine));
  expect(given).toHaveLength(5);
});

test('buffers stay for frames that are to come, and none is lost', async () => {
  const mine = buffersOf(6);
  const results = await Promise.all([
    session.decode([packet(0), packet(2, 'reorder')], mine.slice(0, 3)),
    session.decode([packet(1), packet(3, 'hidden')], mine.slice(3)),
  ]);
  expect(results[0].buffers.length).toBeLessThanOrEqual(4);
  results.push(...(await finish()));
  const given = results.flatMap(({ frames, buffers }) => [...frames.map(({ buffer }) => buffer), ...buffers]);
  expect(new Set(given)).toEqual(new Set(mine));
});

test('held bytes are of the frames that the decoder keeps', async () => {
  await session.decode([packet(0), packet(2, 'reorder'), packet(3, 'reorder')], []);
  await settled();
  expect((await session.decode([], [])).heldBytes).toBe(2 * frameBytes);
  expect((await finish()).at(-1)!.heldBytes).toBe(0);
});

test('an error becomes a failure behind the frames that were good, and stays', async () => {
  const result = await session.decode([packet(0), packet(1), packet(2, 'fail'), packet(3)], buffersOf(4));
  await settled();
  const later = await session.decode([packet(4)], buffersOf(1));
  const end = await session.finishDecoding([]);
  expect(ptsOf(result, later, end)).toEqual([0, 1]);
  expect([later.failure, end.failure]).toEqual(['Decoding error.', 'Decoding error.']);
  expect(result.buffers.length + later.buffers.length).toBe(3);
  expect([later.heldBytes, end.heldBytes]).toEqual([0, 0]);
});

test.each([
  ['a format that is no planes', { format: 'BGRX' }, 'it gives frames as BGRX, not as planes'],
  ['no format', { format: null }, 'it gives frames as something that it does not tell, not as planes'],
  ['a crop at the left', { x: 2 }, 'it leaves out 2 columns at the left and 0 rows at the top'],
  ['rows with gaps', { stride: 1 }, /^it does not copy yuv420p frames of 4x2 as asked/],
])('%s is a failure', async (_, unlike, what) => {
  Object.assign(frames, unlike);
  const result = await session.decode([packet(0), packet(1)], []);
  const [end] = await finish();
  expect([...result.frames, ...end!.frames]).toEqual([]);
  expect(end!.failure).toEqual(typeof what === 'string' ? what : expect.stringMatching(what));
});

test('frames are converted to rgb24 by their tags, into buffers of that size', async () => {
  const convertTo = 'rgb24';
  const rgbOf = async (colors?: CodecColors): Promise<readonly number[]> => {
    await session.beginDecoding({ ...setup, convertTo, ...(colors === undefined ? {} : { colors }) });
    const mine = [new ArrayBuffer(3 * size.width * size.height), ...buffersOf(1)];
    const result = await session.decode([packet(100, 'frame', true)], mine);
    const [frame] = [result, ...(await finish())].flatMap(({ frames }) => frames);
    expect(frame).toEqual({ format: 'rgb24', width: 4, height: 2, pts: 100, buffer: mine[0] });
    const pixels = new Uint8Array(frame!.buffer);
    expect(pixels).toEqual(Uint8Array.from(pixels, (_, index) => pixels[index % 3]!));
    return [...pixels.subarray(0, 3)];
  };
  // What ffmpeg makes of Y, U and V of 100.
  expect(await rgbOf()).toEqual([52, 131, 40]);
  expect(await rgbOf({ colorRange: 'pc', colorSpace: 'bt709' })).toEqual([56, 118, 48]);
});

test('frames that FFmpeg converts in another way are a failure', async () => {
  frames.format = 'NV12';
  await session.beginDecoding({ ...setup, convertTo: 'rgb24' });
  const result = await session.decode([packet(0)], []);
  const failures = [result, ...(await finish())].map(({ failure }) => failure);
  expect(failures.at(-1)).toBe('its frames, nv12 4x2, are not converted to rgb24 as FFmpeg does it');
});

test('a new size in mid stream is a failure behind the frames of the first', async () => {
  await session.decode([packet(0), packet(1), packet(2, 'resize'), packet(3)], []).then(async (result) => {
    const end = await finish();
    expect(ptsOf(result, ...end)).toEqual([0, 1]);
    expect(end.at(-1)!.failure).toBe('its frames change from yuv420p 4x2 to yuv420p 8x2');
  });
});

test('frames out of order are a failure, since they are given in order of presentation', async () => {
  const result = await session.decode([packet(0), packet(5), packet(3)], []);
  const end = await finish();
  expect(ptsOf(result, ...end)).toEqual([0, 5]);
  expect(end.at(-1)!.failure).toBe('it gives the frame of pts 3 behind that of pts 5');
});

test.each(['decode', 'finishDecoding', 'copy'])(
  '%s of a decoder that hangs ends with a failure',
  async (what) => {
    vi.useFakeTimers();
    frames.copyHangs = what === 'copy';
    const hanging = Array.from({ length: 8 }, (_, pts) => packet(pts, pts === 2 ? 'hang' : 'frame'));
    const call =
      what === 'decode'
        ? session.decode(hanging, [])
        : session
            .decode(hanging.slice(0, what === 'copy' ? 1 : 3), [])
            .then(() => session.finishDecoding([]));
    await vi.advanceTimersByTimeAsync(31_000);
    const { failure } = await call;
    expect(failure).toMatch(what === 'copy' ? /cannot be copied/ : /it has done nothing for 30 s/);
    openFrames.clear(); // what cannot be copied cannot be closed before that
  },
);

test('closing ends the calls that wait', async () => {
  const hanging = Array.from({ length: 8 }, (_, pts) => packet(pts, pts === 2 ? 'hang' : 'frame'));
  const [waiting, next] = [session.decode(hanging, []), session.decode([packet(9)], [])];
  await new Promise((resolve) => setTimeout(resolve));
  await session.closeDecoder();
  expect((await waiting).failure).toBeUndefined();
  expect((await next).frames).toEqual([]);
  await expect(session.decode([packet(0)], [])).rejects.toThrow(/beginDecoding/);
});

test('a new stream begins where one is open, without its frames', async () => {
  await session.decode([packet(0), packet(7, 'reorder')], []);
  await session.beginDecoding(setup);
  expect(ptsOf(await session.decode([packet(0), packet(1)], []), ...(await finish()))).toEqual([0, 1]);
});

test.each([
  ['unknown', 'The browser does not decode unknown: it says so.'],
  ['broken', 'The browser does not decode broken: Unknown codec.'],
])('a codec that the browser does not know is refused: %s', async (codec, message) => {
  const refused = session.beginDecoding({ ...setup, codec });
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toBeInstanceOf(DnnError);
  await expect(refused).rejects.toMatchObject({ code: 'ENOSYS', details: { codec } });
});

test('a browser without decoders refuses', async () => {
  vi.stubGlobal('VideoDecoder', undefined);
  await expect(session.beginDecoding(setup)).rejects.toThrow(/has no VideoDecoder in workers/);
});
