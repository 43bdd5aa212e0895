import { expect, it } from 'vitest';
import { PacketList } from './packet-list.ts';

// ffmpeg -i trimmed.mp4 -c copy -f framecrc -
const listed = `#software: Lavf59.27.100
#tb 0: 1/12800
#media_type 0: video
0,      -1024,          0,      512,     5912, 0x8d8d3c43, S=1,        8
0,       -512,       2048,      512,      817, 0x9a2b77ff, F=0x0
0,          0,       1024,      512,      317, 0x4a8e9a5c, F=0x4
0,        512,       3072,      512,     5912, 0x8d8d3c43, F=0x5
`;

it.each([1, 7, 4096])('reads times and what is not shown, %i bytes at a time', async (step) => {
  const bytes = new TextEncoder().encode(listed);
  let position = 0;
  const list = new PacketList({
    read: (into) => {
      const part = bytes.subarray(position, position + Math.min(step, into.length));
      into.set(part);
      position += part.length;
      return Promise.resolve(part.length);
    },
  });
  const timeBase = { num: 1, den: 12_800 };
  expect([await list.next(), await list.next(), await list.next(), await list.next()]).toEqual([
    { pts: 0, timeBase, isDiscarded: false },
    { pts: 2048, timeBase, isDiscarded: false },
    { pts: 1024, timeBase, isDiscarded: true },
    { pts: 3072, timeBase, isDiscarded: true },
  ]);
  expect(await list.next()).toBeNull();
});
