import { expect, test } from 'vitest';
import { PacketLog } from './packet-log.ts';
import type { FollowedLog } from './followed-log.ts';
import { decodePacket, encodePacket, type MuxedPacket } from './muxed-packet.ts';

const muxed =
  'muxer <- type:video pkt_pts:1024 pkt_pts_time:0.08 pkt_dts:-512 pkt_dts_time:-0.04 duration:512 duration_time:0.04 size:4735';
const packet: MuxedPacket = { type: 'video', pts: 1024, dts: -512, duration: 512, size: 4735 };

function read(options: FollowedLog, lines: readonly string[]): { shown: string[]; packets: MuxedPacket[] } {
  const packets: MuxedPacket[] = [];
  const log = new PacketLog(options, (found) => packets.push(found));
  return { shown: lines.flatMap((line) => log.line(line) ?? []), packets };
}

test('what -debug_ts adds stays out of the log, and tells the packets', () => {
  const lines = [
    'Input #0, lavfi',
    'demuxer -> ist_index:0 type:video next_dts:40000',
    'demuxer+ffmpeg -> ist_index:0 type:video pkt_pts:1',
    'decoder -> ist_index:0 type:video frame_pts:1',
    'filter -> pts:1 pts_time:0.04',
    'encoder <- type:video frame_pts:1',
    'encoder -> type:video pkt_pts:1',
    '    Last message repeated 1 times',
    muxed,
    'frame=    1 fps=0.0 q=0.0 size=       0kB time=00:00:00.04 speed=1x',
    'Same words',
    '    Last message repeated 2 times',
  ];
  const { shown, packets } = read({ showsPackets: false }, lines);
  expect(shown).toEqual([lines[0], lines[9], lines[10], lines[11]]);
  expect(packets).toEqual([packet]);
  expect(read({ showsPackets: true }, lines)).toEqual({ shown: lines, packets: [packet] });
});

test('two files that get the same packet are told by a repeated line', () => {
  const { shown, packets } = read({ showsPackets: false }, [muxed, '    Last message repeated 1 times']);
  expect([shown, packets]).toEqual([[], [packet, packet]]);
});

test('a log of errors is one of errors, though the packets are told at the level info', () => {
  const lines = [
    '[info] Input #0, lavfi',
    '[libx264 @ 0xd3e200] [warning] odd',
    '[libx264 @ 0xd3e200] [error] malloc failed',
    'and more of it',
    '[mov @ 0x1] [mp4 @ 0xd3e200] [fatal] twice',
    `[info] ${muxed}`,
    '    Last message repeated 1 times',
    '[info] frame=    1 fps=0.0 q=0.0 size=       0kB time=00:00:00.04 speed=1x',
    '[info] [0:1] not a level',
  ];
  const addedLevel = { shown: 'error', isKept: false } as const;
  const { shown, packets } = read({ showsPackets: false, addedLevel }, lines);
  expect(shown).toEqual([
    '[libx264 @ 0xd3e200] malloc failed',
    'and more of it',
    '[mov @ 0x1] [mp4 @ 0xd3e200] twice',
    'frame=    1 fps=0.0 q=0.0 size=       0kB time=00:00:00.04 speed=1x',
  ]);
  expect(packets).toEqual([packet, packet]);
  const kept = read({ showsPackets: false, addedLevel: { shown: 'error', isKept: true } }, lines);
  expect(kept.shown[0]).toBe(lines[2]);
});

test('a packet crosses as the bytes of a record', () => {
  expect(decodePacket(encodePacket(packet))).toEqual(packet);
  const late: MuxedPacket = { type: 'subtitle', pts: 2 ** 45, dts: -(2 ** 45), duration: 0, size: 2 ** 31 };
  expect(decodePacket(encodePacket(late))).toEqual(late);
  const without =
    'muxer <- type:audio pkt_pts:NOPTS pkt_pts_time:NOPTS pkt_dts:7 pkt_dts_time:0 duration:0 duration_time:0 size:1';
  expect(read({ showsPackets: false }, [without, without.replace('dts:7', 'dts:NOPTS')]).packets).toEqual([
    { type: 'audio', pts: 7, dts: 7, duration: 0, size: 1 },
  ]);
});
