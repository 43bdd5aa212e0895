/**
 * NUT's frame flags and the table that maps a frame's first byte to its defaults
 * (libavformat/nut.h · FrameCode).
 */

export const FrameFlag = {
  KEY: 1,
  /** The stream ends; there is no data. */
  EOR: 2,
  CODED_PTS: 8,
  STREAM_ID: 16,
  SIZE_MSB: 32,
  CHECKSUM: 64,
  RESERVED: 128,
  /** Side data and metadata stand before the payload (version 4). */
  SM_DATA: 256,
  HEADER_IDX: 1024,
  MATCH_TIME: 2048,
  /** Flags to invert follow. */
  CODED: 4096,
  INVALID: 8192,
} as const;

/** What a frame code stands for; fields of the frame header may override it. */
export interface FrameCode {
  readonly flags: number;
  readonly streamId: number;
  readonly sizeMul: number;
  readonly sizeLsb: number;
  readonly ptsDelta: number;
  readonly reservedCount: number;
  readonly headerIdx: number;
}
