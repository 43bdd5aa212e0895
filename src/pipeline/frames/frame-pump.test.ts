/** Frames through real rings, as two cores would leave and find them. */
import { expect, test } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { createFrameRing } from '../../media/frame-ring.ts';
import { NutReader } from '../../media/nut/nut-reader.ts';
import { NutWriter } from '../../media/nut/nut-writer.ts';
import { RingReader } from '../../media/ring-reader.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import { BufferPool } from './buffer-pool.ts';
import { framesOf, pumpFrames } from './frame-pump.ts';
import { SourceFailure } from './source-failure.ts';

const info = {
  format: 'rgb24',
  width: 40,
  height: 30,
  sampleAspectRatio: { num: 4, den: 3 },
  timeBase: { num: 1, den: 90_000 },
} as const;

function frame(pts: number): Frame {
  const made = allocateFrame('rgb24', 40, 30, pts);
  made.data[0]!.fill(pts % 251);
  return made;
}

/** A decoder that writes `count` frames and then ends or breaks its pipe. */
async function decoder(
  ring: ReturnType<typeof createFrameRing>,
  count: number,
  end: 'ended' | 'crashed',
): Promise<void> {
  const sink = new RingWriter(ring);
  const writer = await NutWriter.open(sink, info);
  for (let index = 0; index < count; index++) await writer.writeFrame(frame(index * 3600));
  if (end === 'ended') sink.end();
  else sink.break('ffmpeg ended with exit code 1');
}

async function encoder(ring: ReturnType<typeof createFrameRing>, limit = Infinity): Promise<number[]> {
  const source = new RingReader(ring);
  const reader = await NutReader.open(source);
  const pts: number[] = [];
  for (let next = await reader.next(); next !== null && pts.length < limit; next = await reader.next()) {
    expect(next.data[0]![1199]).toBe(next.pts % 251);
    pts.push(next.pts);
  }
  source.closeReader();
  return pts;
}

test('every frame crosses two pipes smaller than the stream, bit by bit', async () => {
  const rings = [createFrameRing(8192), createFrameRing(8192)] as const;
  const buffers = new BufferPool(2);
  const decoding = decoder(rings[0], 50, 'ended');
  const encoding = encoder(rings[1]);
  const stream = await framesOf(rings[0], buffers);
  expect(stream.info).toMatchObject(info);
  await expect(pumpFrames(stream, rings[1], buffers, () => undefined)).resolves.toBe('all');
  await decoding;
  expect(await encoding).toEqual(Array.from({ length: 50 }, (_, index) => index * 3600));
  expect(buffers.idleBytes).toBeLessThanOrEqual(2 * 3600);
});

test('an encoder that needs no more stops the decoder, and that is no failure', async () => {
  const rings = [createFrameRing(8192), createFrameRing(8192)] as const;
  const buffers = new BufferPool(2);
  const decoding = decoder(rings[0], 1000, 'ended');
  const encoding = encoder(rings[1], 5);
  const pumping = pumpFrames(await framesOf(rings[0], buffers), rings[1], buffers, () => undefined);
  await expect(pumping).resolves.toBe('enough');
  await expect(decoding).rejects.toMatchObject({ code: 'EPIPE' });
  expect(await encoding).toHaveLength(5);
});

test("a decoder's crash does not look like the end of the stream, and what it decoded arrives", async () => {
  const rings = [createFrameRing(8192), createFrameRing(65_536)] as const;
  const buffers = new BufferPool(2);
  const decoding = decoder(rings[0], 4, 'crashed');
  let frames = 0;
  const pumping = pumpFrames(await framesOf(rings[0], buffers), rings[1], buffers, () => {
    frames += 1;
  });
  await expect(pumping).rejects.toBeInstanceOf(SourceFailure);
  await decoding;
  expect(frames).toBe(4);
  await expect(encoder(rings[1])).rejects.toMatchObject({ code: 'EIO' });
});
