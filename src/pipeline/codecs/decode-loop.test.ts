import { expect, it } from 'vitest';
import type { DecodedFrame, DecodeResult } from '../../codecs/codec-contract.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import { DecodeLoop } from './decode-loop.ts';

const frame = (pts: number): DecodedFrame => ({
  ...{ format: 'gray', width: 1, height: 1, pts, buffer: new ArrayBuffer(1) },
});

/** A decoder that holds one frame back, and fails at a packet. */
function decoder(failAt = Infinity) {
  const held: number[] = [];
  const state = { running: 0, most: 0 };
  const result = (pts: readonly number[], failure?: string): DecodeResult => ({
    ...{ frames: pts.map(frame), buffers: [], start: 0, end: 0, heldBytes: 0 },
    ...(failure === undefined ? {} : { failure }),
  });
  return {
    state,
    async decode(packets: readonly EncodedPacket[]) {
      state.most = Math.max(state.most, ++state.running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      state.running -= 1;
      held.push(...packets.map(({ pts }) => pts).filter((pts) => pts < failAt));
      const isBroken = packets.some(({ pts }) => pts >= failAt);
      return result(
        held.splice(0, isBroken ? held.length : held.length - 1),
        isBroken ? 'Broken.' : undefined,
      );
    },
    finish: () => Promise.resolve(result(held.splice(0))),
  };
}

/** Two packets a batch. */
function packets(count: number) {
  let sent = 0;
  return {
    next: () => {
      const batch = [sent, sent + 1].filter((pts) => pts < count);
      sent += batch.length;
      return Promise.resolve(batch.map((pts) => ({ pts, isKey: pts === 0, data: new ArrayBuffer(0) })));
    },
  };
}

async function framesOf(loop: DecodeLoop): Promise<number[]> {
  const pts: number[] = [];
  for (let next = await loop.next(); next !== null; next = await loop.next()) pts.push(next.pts);
  return pts;
}

it('gives all frames in order, with two calls on their way at most', async () => {
  const client = decoder();
  expect(await framesOf(new DecodeLoop(client, packets(9), Promise.resolve(0)))).toEqual([
    ...Array(9).keys(),
  ]);
  expect(client.state.most).toBe(2);
});

it('fails behind the last good frame', async () => {
  const loop = new DecodeLoop(decoder(4), packets(9), Promise.resolve(0));
  for (let pts = 0; pts < 4; pts++) expect((await loop.next())?.pts).toBe(pts);
  await expect(loop.next()).rejects.toThrow("the browser's decoder gave up (Broken)");
});

it('fails where packets end early', async () => {
  const loop = new DecodeLoop(decoder(), packets(3), Promise.resolve(1));
  await expect(framesOf(loop)).rejects.toThrow('reading its packets ended with exit code 1');
});

it('hands out what nobody has taken', async () => {
  const loop = new DecodeLoop(decoder(), packets(9), Promise.resolve(0));
  await loop.next();
  expect((await loop.leftovers()).map(({ pts }) => pts)).toEqual([1, 2]);
  expect(await loop.next()).toBeNull();
});
