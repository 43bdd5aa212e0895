import { describe, expect, it } from 'vitest';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import { PacketClock, timeShift } from '../planning/codecs/packet-clock.ts';
import { DecoderFailure } from './decoder-failure.ts';
import { PacketBatches } from './packet-batches.ts';

const timeBase = { num: 1, den: 90_000 };
const shift = timeShift(timeBase) * timeBase.den;

/** @param listed pts of the file and whether it is hidden, for each packet. */
function batchesOf(pipe: readonly number[], listed: readonly (readonly [number, boolean])[]): PacketBatches {
  const packets = pipe.map((pts): EncodedPacket => ({
    pts: pts + shift,
    isKey: true,
    data: new ArrayBuffer(1),
  }));
  const rows = listed.map(([pts, isDiscarded]) => ({ pts, timeBase, isDiscarded }));
  const first = packets.shift()!;
  return new PacketBatches({ next: () => Promise.resolve(packets.shift() ?? null) }, first, {
    clock: new PacketClock(timeBase, timeBase),
    list: { next: () => Promise.resolve(rows.shift() ?? null) },
    frameBytes: 1,
  });
}

describe('PacketBatches', () => {
  it('gives packets with the times of their frames, and knows which are hidden', async () => {
    const batches = batchesOf(
      [0, 3000, -3000],
      [
        [0, false],
        [3000, false],
        [-3000, true],
      ],
    );
    expect((await batches.next()).map(({ pts }) => pts)).toEqual([0, 3000, -3000]);
    expect([0, 3000, -3000].map((pts) => batches.isDiscarded(pts))).toEqual([false, false, true]);
    expect(await batches.next()).toEqual([]);
  });

  it('fails where the pipe has another time than the file', async () => {
    const batches = batchesOf(
      [0, 1],
      [
        [0, false],
        [0, false],
      ],
    );
    await expect(batches.next()).rejects.toThrow(DecoderFailure);
  });
});
