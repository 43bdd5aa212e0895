/**
 * What ffmpeg says of each packet that it gives to a muxer: `-debug_ts` prints it as one line of the log
 * (fftools/ffmpeg_mux.c · write_packet). Its other lines tell what demuxers, decoders and filters do.
 */

/** Kinds of streams, as the line names them. */
const types = ['video', 'audio', 'data', 'subtitle', 'attachment'] as const;
export type PacketType = (typeof types)[number];

/** A packet on its way to a muxer; times in units of the stream's time base there. */
export interface MuxedPacket {
  readonly type: PacketType;
  /** `dts` where it has none. */
  readonly pts: number;
  readonly dts: number;
  readonly duration: number;
  /** Bytes as the encoder or demuxer gave it; start codes and headers become others in the file. */
  readonly size: number;
}

const line =
  /^muxer <- type:(\w+) pkt_pts:(\S+) pkt_pts_time:\S+ pkt_dts:(\S+) pkt_dts_time:\S+ duration:(\S+) duration_time:\S+ size:(\d+)$/;

/** Whether a line of the log is one of those that `-debug_ts` adds. */
export function isTimestampLine(message: string): boolean {
  return /^(muxer <- type|(encoder|decoder|demuxer|demuxer\+ffmpeg) (<-|->) |filter -> pts)/.test(message);
}

/** The packet of a line; undefined for any other line, and for a packet without a dts. */
export function parsePacketLine(message: string): MuxedPacket | undefined {
  const found = line.exec(message);
  const type = types.find((name) => name === found?.[1]);
  if (found === null || type === undefined) return undefined;
  const dts = Number(found[3]);
  if (!Number.isSafeInteger(dts)) return undefined;
  const pts = found[2] === 'NOPTS' ? dts : Number(found[2]);
  const duration = found[4] === 'NOPTS' ? 0 : Number(found[4]);
  return { type, pts, dts, duration, size: Number(found[5]) };
}

/** Bytes of an encoded packet. */
export const packetLength = 32;

/** A packet as the bytes of a record. */
export function encodePacket({ type, pts, dts, duration, size }: MuxedPacket): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(packetLength));
  view.setUint32(0, types.indexOf(type), true);
  view.setUint32(4, size, true);
  view.setFloat64(8, pts, true);
  view.setFloat64(16, dts, true);
  view.setFloat64(24, duration, true);
  return new Uint8Array(view.buffer);
}

/** The packet of a record; `bytes` are `packetLength` at least. */
export function decodePacket(bytes: Uint8Array): MuxedPacket {
  const view = new DataView(bytes.buffer, bytes.byteOffset, packetLength);
  return {
    type: types[view.getUint32(0, true)] ?? 'data',
    size: view.getUint32(4, true),
    pts: view.getFloat64(8, true),
    dts: view.getFloat64(16, true),
    duration: view.getFloat64(24, true),
  };
}
